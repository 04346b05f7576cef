"""Every page of the desk: accessible, valid, within its width, with targets that can be hit."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_quality import violations
from tests.server import Server

pytestmark = pytest.mark.browser

DESK = "/admin/comments/moderation/"
FILL = """
import json
from blog.models import Post, User
from comments import submission
from comments.models import Comment, Decision, Preference, Report
from comments.screening.reasons import Reason, Verdict

ilse = User.objects.get(email='ilse@example.org')
Preference.objects.create(user=ilse, keys=True)
title = ('On the borrowing of books and of those who never return them ' * 4)[:200]
post = Post.objects.create(author=ilse, title=title, status='published', body='<p>.</p>')
flood = Post.objects.create(author=ilse, title='The flood', status='published', body='<p>.</p>')
parent = Comment.objects.published().exclude(parent=None).order_by('-path').first()
keys = {'post': post.pk, 'flood': flood.pk}

def hold(key, body, name='Sam Whitlow', reasons=(), url='', answers=None, to=post):
    comment = submission.store(submission.Submission(post=answers.post if answers else to,
        parent=answers, body=body, name=name, email=f'{key}@example.org', url=url,
        address='192.0.2.7'), Verdict('pending', tuple(reasons)))
    keys[key] = comment.pk
    return Comment.objects.filter(pk=comment.pk)

many = [Reason(f'sign{n}', f'Sign {n} that the rules know', n / 10 - .5, 'd' * 20 * n)
    for n in range(20)]
word = 'Donaudampfschifffahrt' * 12
hold('long', f'Ein {word} und https://long.example/{"path" * 90}', f'{word[:200]} {word[:40]}',
    many, 'https://long-website.example/' + 'a' * 150)
hold('huge', ('A paragraph about margins. ' * 40 + chr(10) * 2) * 60)
hold('rtl', 'هذا تعليق مكتوب باللغة العربية عن القلم. https://example.net/', 'ليلى حداد')
hold('answer', 'You may be right. Look at https://lessons.example/ first.', answers=parent)
for verb in ('publish', 'mark_spam', 'remove'):
    comments = hold(verb, f'This one is for {verb}.')
    comments.publish(by=ilse)
    getattr(comments, verb)(by=ilse)
for n in range(60):
    hold(f'wave{n}', f'Great post, my friend who loves quality oak floors shares it, number {n}.',
        to=flood)
Report.objects.create(comment_id=keys['long'], reason='spam', words='w' * 300)
keys['decision'] = Decision.objects.create(verb='publish', by=ilse, size=300,
    scope={'query': '', 'upto': 0, 'after': 0, 'count': 600}).pk
print(json.dumps(keys))
"""
COLOURS = """() => axe.run(document, { runOnly: ['color-contrast', 'link-in-text-block'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(one =>
        `${id} at ${one.target}`)))"""
# What is folded away is looked at as well.
UNFOLD = "() => document.querySelectorAll('details').forEach(one => { one.open = true; })"
# Finer than axe's rule, which leaves out what stands in a line of text.
SMALL = """() => [...document.querySelectorAll('#content button, #content summary, #content input'
    + ', #content select, .bar a, .states a, .slip h3 a, .pager a, .also a')].filter(one => {
    const box = (one.closest('label') ?? one).getBoundingClientRect();
    const isLink = one.matches('.slip h3 a');  // which takes the whole slip
    return one.checkVisibility() && one.type != 'hidden' && !isLink
        && !one.matches('.slip input, .choice input') && (box.width < 24 || box.height < 24);
}).map(one => one.outerHTML)"""
# What the Nu checker says of Django’s own frame; none of it is in our templates.
DJANGOS = "A table row was 2 columns wide"  # its sidebar, where a model cannot be added


@pytest.fixture(scope="module")
def pages(site: Server) -> dict[str, str]:
    """The address of every kind of page of the desk."""
    keys = site.ask(FILL)
    opened = {
        name: f"{DESK}?state={state}&post={keys['post']}&c={keys[name]}"
        for name, state in {
            "long": "pending",
            "huge": "pending",
            "rtl": "pending",
            "answer": "pending",
            "publish": "published",
            "mark_spam": "spam",
            "remove": "removed",
        }.items()
    }
    return opened | {
        "replying": f"{DESK}?post={keys['post']}&c={keys['long']}&reply=1",
        "filtered": f"{DESK}?q=a&since=2014-01-01&reason=newcomer&reported=1",
        "found": f"{DESK}?q=donau&since=2014-01-01&reported=1",
        "waves": f"{DESK}waves/",
        "block": f"{DESK}block/?c={keys['long']}",
        "progress": f"{DESK}progress/{keys['decision']}/",
        "empty": f"{DESK}?state=blatant",
        "sure": f"{DESK}?post={keys['flood']}",
    }


def visit(page: Page, name: str, address: str) -> None:
    page.goto(address)
    if name == "sure":
        page.get_by_role("checkbox", name="All 60 found in Waiting").check()
        page.locator(".bulk").get_by_role("button", name="Spam").click()
        expect(page.get_by_role("heading", name="Are you sure?")).to_be_visible()


def still(route) -> None:
    """The page of a decision under way, which does not load itself again."""
    response = route.fetch()
    kept = {name: value for name, value in response.headers.items() if name != "refresh"}
    route.fulfill(response=response, headers=kept)


@pytest.fixture
def look(desk: Page, watched):
    """look(width=360) is Ilse's browser of that width."""
    state = desk.context.storage_state()

    def browser(width: int) -> Page:
        page = watched.open(
            storage_state=state, viewport={"width": width, "height": 800}, bypass_csp=True
        )
        page.route("**/progress/**", still)
        return page

    return browser


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_any_page_of_the_desk(look, axe, pages, width):
    page = look(width)
    found = {}
    for name, address in pages.items():
        visit(page, name, address)
        page.add_style_tag(content="* { transition: none !important }")  # Django's links fade
        page.evaluate(UNFOLD)
        found[name, "light"] = violations(page, axe)
        page.emulate_media(color_scheme="dark")
        found[name, "dark"] = page.evaluate(COLOURS)
        page.emulate_media(color_scheme="light")
        found[name, "small"] = page.evaluate(SMALL)
    assert {where: what for where, what in found.items() if what} == {}


def test_no_page_of_the_desk_scrolls_sideways(look, pages):
    page = look(1280)
    for name, address in pages.items():
        visit(page, name, address)
        for width in (320, 360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, (name, width)


def test_the_verdicts_stay_in_sight_of_a_huge_comment(look, pages):
    for width in (360, 1280):
        page = look(width)
        page.goto(pages["huge"])
        assert page.evaluate("document.querySelector('.open').offsetHeight") < 2_600
        page.locator(".facts").scroll_into_view_if_needed()
        expect(page.locator(".acts").get_by_role("button", name="Publish")).to_be_in_viewport()


def test_the_focus_is_never_covered(look, pages):
    page = look(360)
    page.goto(pages["answer"])
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("""() => {
            const one = document.activeElement, box = one.getBoundingClientRect();
            if (one === document.body || one.closest('.acts')) return true;
            const middle = [box.left + box.width / 2, box.top + box.height / 2];
            const top = document.elementFromPoint(...middle);
            return !top || !top.closest('.acts');
        }""")


def test_the_nu_checker_finds_nothing_on_any_page_of_the_desk(look, pages, nu_checker):
    page, read = look(1280), {}
    for name, address in pages.items():
        visit(page, name, address)
        read[name] = page.content() if name == "sure" else page.request.get(address).text()
    assert [one for one in nu_checker(read) if DJANGOS not in one] == []
