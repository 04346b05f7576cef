"""The lists of the admin site beside the desk: on a phone, and without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_desk_quality import COLOURS, UNFOLD
from tests.browser.test_quality import violations
from tests.server import Server

pytestmark = pytest.mark.browser

FILL = """
from blog.models import Post, User
from comments import editing, facts
from comments.models import Check, Comment, Notice, Rule
from django.utils import timezone
ilse = User.objects.get(email='ilse@example.org')
rows = [Comment.objects.create(post=Post.objects.first(), name=f'Reader {n}', body=f'Remark {n}',
    html='<p>.</p>', email=f'reader{n}@example.org') for n in range(60)]
facts.complete(rows)
for row in rows[:2]:
    Comment.objects.filter(pk=row.pk).mark_spam(by=ilse)
rows[2].body = 'Mended'
editing.save(rows[2], by=ilse, why='A typo')
Check.objects.create(comment=rows[1], answer='ham', attempts=1)
Notice.objects.create(recipient=ilse, due_at=timezone.now())
Rule.objects.create(kind='word', text='casino', why='spam', by=ilse)
"""
LISTS = [
    "",
    "comments/comment/",
    "comments/comment/?o=2.-4",
    "comments/comment/?q=nothing",
    "comments/decision/",
    "comments/person/",
    "comments/rule/",
    "comments/notice/",
    "comments/check/",
    "blog/post/",
    "blog/user/",
]
# What a list leads to: of each kind the first. And pages without a list.
LED_TO = [
    "decision",
    "decision/?verb__exact=mark_spam",
    "comment",
    "person",
    "rule",
    "notice",
    "check",
]
OTHERS = [
    "comments/rule/add/",
    "comments/rule/1/delete/",
    "comments/rule/1/history/",
    "comments/comment/1/thread/",
    "comments/comment/1/history/",
    "comments/preference/",
    "blog/blog/",
]
SMALL = """() => [...document.querySelectorAll('#container :is(a, button, summary, input, select)')]
    .filter(one => {
        const box = (one.closest('label') ?? one).getBoundingClientRect();
        return one.checkVisibility({ visibilityProperty: true }) && one.type != 'hidden'
            && box.width && (box.width < 24 || box.height < 24);
    }).map(one => one.outerHTML)"""


@pytest.fixture(scope="module")
def filled(site: Server) -> None:
    site.run(FILL)


@pytest.fixture
def phone(desk: Page, watched, filled):
    """phone(script=False) is Ilse's own, logged in."""
    state = desk.context.storage_state()

    def browser(script: bool) -> Page:
        size = {"width": 360, "height": 800}
        return watched.open(storage_state=state, viewport=size, java_script_enabled=script)

    return browser


def test_everything_in_a_list_can_be_hit_on_a_phone(phone):
    page = phone(script=True)
    found = {}
    for path in LISTS:
        page.goto(f"/admin/{path}")
        found[path] = page.evaluate(SMALL)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    assert {path: small for path, small in found.items() if small} == {}


def colours(page: Page) -> list[str]:
    """What axe finds of the colours of a page in the dark."""
    page.emulate_media(color_scheme="dark")
    found = page.evaluate(COLOURS)
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_any_page_of_the_admin_site(desk, watched, filled, axe, width):
    state, size = desk.context.storage_state(), {"width": width, "height": 800}
    page = watched.open(storage_state=state, viewport=size, bypass_csp=True)
    paths = [*LISTS, *OTHERS]
    for path in LED_TO:
        page.goto(f"/admin/comments/{path}")
        link = page.locator("#result_list tbody th a").first.get_attribute("href")
        paths.append(link.removeprefix("/admin/"))
    found = {}
    for path in paths:
        assert page.goto(f"/admin/{path}").ok, path
        page.add_style_tag(content="* { transition: none !important }")  # Django's links fade
        page.evaluate(UNFOLD)
        found[path] = violations(page, axe) + colours(page)
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize("script", [True, False])
def test_a_line_of_the_log_is_taken_back_from_the_list(phone, script):
    page = phone(script)
    page.goto("/admin/comments/decision/?verb__exact=mark_spam")
    undo = page.get_by_role("button", name="Undo: Called spam").first
    undo.scroll_into_view_if_needed()
    expect(undo).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.querySelector('.results').scrollLeft") == 0
    undo.click()
    expect(page.get_by_text("Taken back: Called spam: Reader")).to_be_visible()
    expect(page).to_have_url(re.compile("verb__exact=mark_spam"))
    expect(page.get_by_role("cell", name="Undone").first).to_be_visible()


def test_ticked_comments_are_decided_in_the_old_list_without_a_script(phone):
    page = phone(script=False)
    page.goto("/admin/comments/comment/")
    for name in ("Remark 59", "Remark 58"):
        page.get_by_role("row", name=name).get_by_role("checkbox").check()
    page.locator("select[name=action]").first.select_option("publish")
    page.get_by_role("button", name="Go").first.click()
    expect(page.get_by_text("Published: 2 comments.")).to_be_visible()
