"""The moderation desk in a real browser: whole sessions by keyboard, mouse, touch, and as HTML."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.server import Server

pytestmark = pytest.mark.browser

DESK = "/admin/comments/moderation/"
QUEUES = {
    "keyboard": 30,
    "mouse": 30,
    "box": 5,
    "unscripted": 12,
    "phone": 12,
    "paged": 60,
    "reply": 8,
    "edit": 2,
    "filter": 6,
    "shared": 4,
    "person": 3,
    "block": 4,
    "failing": 3,
    "still": 3,
}
# A queue for each test: the comments under a post of its own, of which a third is a wave.
FILL = """
import json
import random
from datetime import timedelta
from django.contrib.auth.models import Group
from django.utils import timezone
from blog.models import Post, User
from comments import submission
from comments.models import Comment, Preference
from comments.screening.reasons import Reason, Verdict

ilse = User.objects.get(email='ilse@example.org')
for name, role in (('Ana', 'Moderator'), ('Piet', 'Author')):
    user = User.objects.create_user(f'{name}@example.org'.lower(), 'three old pencils', name=name,
        is_staff=True)
    user.groups.add(Group.objects.get(name=role))
Preference.objects.create(user=User.objects.get(email='ana@example.org'), keys=True)
now, start = timezone.now(), timezone.now() - timedelta(days=2)
reasons = (Reason('newcomer', 'First comment', 1.5), Reason('record', 'Known for long', -0.2))
THINGS = '''margin pencil letter stamp ferry orchard window harbour lantern violin kettle thimble
compass ladder saddle button mirror candle basket anchor feather bottle hammer ribbon
cellar attic garden bridge market tunnel'''.split()
keys = {}
for number, (queue, size) in enumerate(QUEUES.items()):
    goods = ' '.join(random.Random(number).sample(THINGS, 9))
    post = Post.objects.create(author=ilse, title=f'On {queue}', body='<p>.</p>',
        status='published')
    keys[queue] = post.pk
    for n in range(size):
        a, b = THINGS[n % 30], THINGS[n * 7 % 30]
        is_wave = n % 3 == 2
        words = f'Buy {goods} number {n}'
        if not is_wave:
            words = f'The {a} of {queue} reminds me of my {b}, {n} years ago, beside every {a} {b}.'
        comment = submission.store(submission.Submission(post=post, body=words,
            name=f'Floors {n}' if is_wave else f'Reader {n}', email=f'{queue}{n}@example.org',
            address=f'192.0.{number}.{n}'), Verdict('pending', reasons))
        Comment.objects.filter(pk=comment.pk).update(created_at=start - timedelta(minutes=n))
print(json.dumps(keys))
"""


@pytest.fixture(scope="module")
def queues(site: Server) -> dict[str, str]:
    """For each queue the address of the desk that lists it."""
    keys = site.ask(f"QUEUES = {QUEUES}\n{FILL}")
    return {name: f"{DESK}?post={key}" for name, key in keys.items()}


@pytest.fixture(scope="module")
def passes(chromium, site: Server, queues) -> dict[str, dict]:
    """What a browser keeps of each moderator's log-in."""
    kept = {}
    for name in ("ilse", "ana", "piet"):
        context = chromium.new_context(base_url=site.url)
        page = context.new_page()
        page.goto("/admin/")
        page.get_by_label("Email address").fill(f"{name}@example.org")
        page.get_by_label("Password").fill("three old pencils")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_text("Welcome,")).to_be_visible()
        kept[name] = context.storage_state()
        context.close()
    return kept


@pytest.fixture
def enter(watched: Watched, passes, queues):
    """enter("ana", "reply") is Ana's browser with that queue open."""

    def visit(name: str, queue: str, **options) -> Page:
        page = watched.open(storage_state=passes[name], **options)
        page.goto(queues[queue])
        return page

    return visit


def left(page: Page, count: int) -> None:
    """Waits until so many slips are in the queue, and none is on its way."""
    expect(page.locator(".slip")).to_have_count(count)
    expect(page.locator("body[aria-busy]")).to_have_count(0)


def opened(page: Page, name: str) -> None:
    expect(page.locator("#open-title")).to_have_text(name)
    expect(page.locator("body[aria-busy]")).to_have_count(0)


def said(page: Page, words: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(words)
    expect(page.locator("body[aria-busy]")).to_have_count(0)


def verdict(page: Page, name: str):
    return page.locator(".acts").get_by_role("button", name=name)


# Whole sessions


def test_a_queue_of_thirty_is_cleared_by_keyboard(enter):
    page = enter("ana", "keyboard")
    keys = page.keyboard
    left(page, 30)
    keys.press("p")
    said(page, "Published: Reader 0 on “On keyboard”.")
    opened(page, "Reader 1")
    expect(page.get_by_role("article")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Published: Reader 0 on “On keyboard”.")
    keys.press("u")
    said(page, "Taken back: Published: Reader 0 on “On keyboard”.")
    opened(page, "Reader 0")
    keys.press("s")
    said(page, "Called spam: Reader 0")
    keys.press("j")
    opened(page, "Floors 2")
    keys.press("k")
    opened(page, "Reader 1")
    keys.press("u")  # its button has gone with the message
    said(page, "Taken back: Called spam: Reader 0")
    left(page, 30)
    keys.press("d")
    said(page, "Removed: Reader 0")
    keys.press("x")
    keys.press("j")
    opened(page, "Floors 2")
    keys.press("x")
    expect(page.locator(".slip input:checked")).to_have_count(2)
    keys.press("x")
    expect(page.locator(".slip input:checked")).to_have_count(1)
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keys of the desk")).to_be_visible()
    keys.press("p")  # not under a dialog
    keys.press("Escape")
    opened(page, "Floors 2")
    keys.press("r")
    expect(page.get_by_label("Your answer to Floors 2")).to_be_focused()
    keys.type("pssdhx? are letters here")
    keys.press("Tab")
    keys.press("Enter")
    said(page, "Published: 2 comments.")
    left(page, 28)
    for count in range(27, -1, -1):
        keys.press("p" if count % 2 else "s")
        left(page, count)
    expect(page.locator(".empty")).to_contain_text("Nothing here fits")


def test_a_published_comment_is_held_again_with_h(enter):
    page = enter("ana", "still")
    page.keyboard.press("p")
    said(page, "Published")
    page.goto(f"{page.url.partition('&c=')[0]}&state=published")
    page.keyboard.press("h")
    said(page, "Held: Reader 0")
    page.keyboard.press("u")
    said(page, "Taken back")
    page.keyboard.press("u")
    said(page, "Taken back")  # and nothing more is


@pytest.mark.parametrize("key", ["Control+p", "Alt+s", "Meta+d", "Shift+P"])
def test_a_key_with_a_modifier_is_left_to_the_browser(enter, key):
    page = enter("ana", "still")
    count = page.locator(".slip").count()
    page.keyboard.press(key)
    page.wait_for_timeout(100)
    left(page, count)


def test_single_keys_do_nothing_until_they_are_switched_on(enter):
    page = enter("ilse", "still")
    count = page.locator(".slip").count()
    title = page.locator("#open-title").text_content()
    expect(page.locator("kbd:visible")).to_have_count(0)
    for key in "pssdhjkrxeu?":
        page.keyboard.press(key)
    page.wait_for_timeout(100)
    left(page, count)
    opened(page, title)
    switch = page.get_by_role("checkbox", name="Keys")
    switch.check()
    expect(page.locator(".bar kbd").first).to_be_visible()
    expect(switch).to_be_focused()
    search = page.get_by_role("searchbox", name="Search comments")
    search.press("s")
    expect(search).to_have_value("s")
    left(page, count)
    switch.uncheck()
    expect(page.locator("kbd:visible")).to_have_count(0)


def test_a_queue_of_thirty_is_cleared_with_the_mouse(enter):
    page = enter("ilse", "mouse")
    verdict(page, "Publish").dblclick()  # sent once
    said(page, "Published: Reader 0")
    left(page, 29)
    page.get_by_role("button", name="Undo").click()
    left(page, 30)
    opened(page, "Reader 0")
    for name in ("Reader 1", "Floors 2", "Reader 3"):
        page.get_by_role("checkbox", name=re.compile(f"^{name} ")).check()
    page.get_by_role("link", name="Reader 4", exact=True).click()
    opened(page, "Reader 4")
    expect(page.locator(".slip input:checked")).to_have_count(3)
    page.locator(".bulk").get_by_role("button", name="Spam").click()
    said(page, "Called spam: 3 comments.")
    left(page, 27)
    page.get_by_role("button", name="Undo").click()
    said(page, "Taken back: Called spam: 3 comments.")
    left(page, 30)

    page.get_by_role("link", name="Waves").click()
    wave = page.locator(".wave").filter(has_text="10 comments say nearly").first
    wave.get_by_role("button", name="Spam (10)").click()
    said(page, "Called spam: 10 comments.")
    page.get_by_role("button", name="Undo").click()
    said(page, "Taken back: Called spam: 10 comments.")
    page.go_back()
    page.goto(f"{DESK}waves/")
    wave.get_by_role("button", name="Spam (10)").click()
    said(page, "Called spam: 10 comments.")


def test_the_box_for_all_means_what_its_words_say(enter):
    page = enter("ilse", "box")
    everything = page.get_by_role("checkbox", name="All 5 found in Waiting")
    everything.check()
    expect(page.locator(".slip input:checked")).to_have_count(5)
    page.locator(".slip input").first.uncheck()
    expect(everything).not_to_be_checked()
    page.locator(".bulk").get_by_role("button", name="Publish").click()
    said(page, "Published: 4 comments.")
    left(page, 1)
    page.get_by_role("checkbox", name="All 1 found in Waiting").check()
    page.locator(".bulk").get_by_role("button", name="Remove").click()
    said(page, "Removed: Reader 0")
    expect(page.locator(".empty")).to_be_visible()


def test_the_desk_needs_no_script(enter):
    page = enter("ilse", "unscripted", java_script_enabled=False)
    verdict(page, "Publish").click()
    said(page, "Published: Reader 0")
    opened(page, "Reader 1")
    page.get_by_role("button", name="Undo").click()
    opened(page, "Reader 0")
    left(page, 12)
    page.get_by_role("link", name="Skip", exact=True).click()
    verdict(page, "Spam").click()
    said(page, "Called spam: Reader 1")
    page.get_by_role("link", name="Reply", exact=True).click()
    page.get_by_label("Your answer to Floors 2").fill("We have one already.")
    page.get_by_role("button", name="Publish both").click()
    said(page, "Published: 2 comments.")
    for name in ("Reader 3", "Reader 4"):
        page.get_by_role("checkbox", name=re.compile(f"^{name} ")).check()
    page.locator(".bulk").get_by_role("button", name="Remove").click()
    said(page, "Removed: 2 comments.")
    page.locator(".bulk").get_by_role("button", name="Remove").click()
    said(page, "Tick the comments first.")
    page.get_by_role("checkbox", name="All 8 found in Waiting").check()
    page.locator(".bulk").get_by_role("button", name="Publish").click()
    said(page, "Published: 8 comments.")
    page.get_by_role("button", name="Undo").click()
    left(page, 8)
    page.get_by_role("checkbox", name="Keys").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".bar kbd").first).to_be_visible()
    page.get_by_role("checkbox", name="Keys").uncheck()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("kbd:visible")).to_have_count(0)


def test_a_queue_is_cleared_on_a_phone(enter):
    size = {"width": 360, "height": 740}
    page = enter("ilse", "phone", viewport=size, has_touch=True)
    left(page, 12)
    heights = verdict(page, "").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(heights) >= 44
    for count in range(11, 5, -1):
        verdict(page, "Publish" if count % 2 else "Remove").tap()
        left(page, count)
        expect(page.locator(".messagelist")).to_be_in_viewport()
        expect(page.locator("#open-title")).to_be_in_viewport()
    page.get_by_role("link", name="Reader 9", exact=True).tap()
    opened(page, "Reader 9")
    expect(page.locator("#open-title")).to_be_in_viewport()
    page.locator("#them-title").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#them-title').scrollIntoView()")
    expect(verdict(page, "Spam")).to_be_in_viewport()  # it stays at the top
    covered = page.evaluate("document.elementFromPoint(180, 8).closest('.acts') !== null")
    assert covered
    verdict(page, "Spam").tap()
    left(page, 5)
    page.get_by_role("button", name="Undo").tap()
    opened(page, "Reader 9")


# More than one page


def test_skipping_goes_on_past_a_page_and_keeps_its_place(enter):
    page = enter("ana", "paged")
    left(page, 30)
    page.locator(".slip h3 a").last.click()
    opened(page, "Floors 29")
    expect(page.locator(".slip:has([aria-current])")).to_be_in_viewport()
    page.keyboard.press("j")
    opened(page, "Reader 30")
    left(page, 30)
    page.keyboard.press("p")
    opened(page, "Reader 31")
    left(page, 29)
    page.keyboard.press("u")
    opened(page, "Reader 30")
    left(page, 30)


def test_all_of_a_long_list_is_asked_about_once(enter):
    page = enter("ilse", "paged")
    for decision in ("Back, nothing was done", "Publish (60)"):
        page.get_by_role("checkbox", name="All 60 found in Waiting").check()
        page.locator(".bulk").get_by_role("button", name="Publish").click()
        expect(page.get_by_text("Publish: 60 comments, all that are listed here.")).to_be_visible()
        page.get_by_role("link", name=decision).or_(
            page.get_by_role("button", name=decision)
        ).click()
        expect(page.locator("#desk")).to_be_visible()
    said(page, "Published: 60 comments.")
    expect(page.locator(".empty")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    said(page, "Taken back: Published: 60 comments.")
    left(page, 30)


FLOOD = """
import json
from blog.models import Post, User
from comments.models import Comment
ilse = User.objects.get(email='ilse@example.org')
post = Post.objects.create(author=ilse, title='The flood', status='published', body='<p>.</p>')
Comment.objects.bulk_create(
    Comment(post=post, name=f'Drop {n}', body=f'Drop {n}', html=f'<p>Drop {n}</p>')
    for n in range(600))
print(json.dumps(post.pk))
"""


def test_six_hundred_are_the_workers_and_the_page_says_how_far_it_is(enter, site: Server):
    key = site.ask(FLOOD)
    page = enter("ilse", "still")
    page.goto(f"{DESK}?post={key}")
    page.get_by_role("checkbox", name="All 600 found in Waiting").check()
    page.locator(".bulk").get_by_role("button", name="Spam").click()
    page.get_by_role("button", name="Spam (600)").click()
    told = page.locator(".messagelist")
    expect(told).to_contain_text("Called spam: 600 comments.", timeout=20_000)
    page.get_by_role("button", name="Undo").click()
    expect(told).to_contain_text("Taken back: Called spam: 600 comments.", timeout=20_000)
    page.goto(f"{DESK}?post={key}")
    expect(page.get_by_role("checkbox", name="All 600 found in Waiting")).to_be_visible()
    site.run(f"from blog.models import Post; Post.objects.filter(pk={key}).delete()")


# Words


def test_a_reply_publishes_both(enter):
    page = enter("ilse", "reply")
    page.get_by_role("link", name="Reply", exact=True).click()
    field = page.get_by_label("Your answer to Reader 0")
    expect(field).to_be_focused()
    field.fill("Nor would I.")
    page.get_by_role("button", name="Publish both").click()
    said(page, "Published: 2 comments.")
    page.get_by_role("button", name="Undo").click()
    said(page, "Taken back: Published: 2 comments.")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_reply_survives_an_error(enter, script):
    page = enter("ilse", "reply", java_script_enabled=script)
    here = page.url
    page.goto(f"{here}&reply=1")
    name = page.locator("#open-title").text_content()
    field = page.get_by_label(f"Your answer to {name}")
    field.fill(" \n ")
    page.get_by_role("button", name="Publish both").click()
    expect(page.get_by_role("alert")).to_be_visible()
    field.fill("Words that must not be lost.")
    other = enter("ana", "reply")
    verdict(other, "Spam").click()
    said(other, "Called spam")
    page.get_by_role("button", name="Publish both").click()
    expect(page.get_by_role("alert")).to_contain_text("Already called spam by Ana")
    expect(field).to_have_value("Words that must not be lost.")
    page.get_by_role("button", name="Publish both").click()
    said(page, "Published: 2 comments.")


def test_what_is_typed_stays_when_the_server_is_not_there_or_the_log_in_has_ended(enter):
    page = enter("ilse", "failing")
    page.get_by_role("link", name="Reply", exact=True).click()
    field = page.get_by_label("Your answer to Reader 0")
    field.fill("Words that must not be lost.")
    send = page.get_by_role("button", name="Publish both")
    page.route("**/reply/**", lambda route: route.fulfill(status=502))
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("This was not done")
    page.unroute("**/reply/**")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("This was not done")
    expect(field).to_have_value("Words that must not be lost.")
    page.context.add_cookies(cookies)
    send.click()
    said(page, "Published: 2 comments.")


def test_an_editor_comes_back_to_the_desk(enter):
    page = enter("ana", "edit")
    page.keyboard.press("e")
    page.get_by_label("Text:").fill("What I meant to say.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/moderation/\?.*post=\d+.*&c=\d+$"))
    opened(page, "Reader 0")
    expect(page.locator(".open > .text")).to_have_text("What I meant to say.")


# The address


def test_the_address_says_what_is_seen(enter, passes, watched):
    page = enter("ilse", "filter")
    page.get_by_role("link", name="Reader 3", exact=True).click()
    opened(page, "Reader 3")
    page.get_by_role("link", name="Reader 4", exact=True).click()
    opened(page, "Reader 4")
    page.go_back()
    opened(page, "Reader 3")
    page.reload()
    opened(page, "Reader 3")
    page.go_forward()
    opened(page, "Reader 4")
    other = watched.open(storage_state=passes["ana"])
    other.goto(page.url)
    opened(other, "Reader 4")
    page.get_by_role("link", name="Skip to main content").press("Enter")
    page.wait_for_timeout(100)
    opened(page, "Reader 4")
    assert page.url.endswith("#content-start")


def test_a_moderator_filters_and_searches(enter):
    page = enter("ilse", "filter")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Reason").select_option("links")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".empty")).to_contain_text("Nothing here fits")
    page.get_by_label("Reason").select_option("newcomer")
    page.get_by_role("button", name="Show").click()
    left(page, 6)
    search = page.get_by_role("searchbox", name="Search comments")
    search.fill("of filter reminds me")
    search.press("Enter")
    left(page, 4)
    expect(page.locator(".chips")).to_contain_text("“of filter reminds me”")
    verdict(page, "Publish").click()
    left(page, 3)
    page.get_by_role("link", name="Show all").first.click()
    expect(page.locator(".chips")).to_have_count(0)


def test_an_empty_desk_says_so(enter):
    page = enter("piet", "filter")
    page.goto(DESK)
    expect(page.locator(".empty")).to_contain_text("Nothing is waiting. The last one was published")


# Other people


def test_the_second_moderator_is_told_and_nothing_is_done_twice(enter):
    first, second = enter("ilse", "shared"), enter("ana", "shared")
    verdict(first, "Publish").click()
    said(first, "Published: Reader 0")
    second.keyboard.press("s")
    said(second, "Already published by Ilse M")
    said(second, "Nothing was changed.")
    opened(second, "Reader 1")
    first.reload()
    verdict(second, "Spam").click()
    said(second, "Called spam: Reader 1")
    first.get_by_role("checkbox", name="All 3 found in Waiting").check()
    first.locator(".slip input").last.uncheck()
    first.locator(".bulk").get_by_role("button", name="Publish").click()
    said(first, "Published: Floors 2")
    said(first, "Already called spam by Ana")


def test_a_moderator_trusts_a_person_and_keeps_a_note(enter):
    page = enter("ilse", "person")
    page.get_by_text("Note for the moderators").first.click()
    page.get_by_role("textbox", name="Note for the moderators").fill("Met at the fair.")
    page.get_by_role("button", name="Keep the note").click()
    said(page, "Noted: Reader 0.")
    expect(page.get_by_role("textbox", name="Note for the moderators")).to_have_value(
        "Met at the fair."
    )
    page.get_by_role("button", name="Always publish this person").click()
    said(page, "Always published: Reader 0.")
    page.get_by_role("button", name="No longer always publish").click()
    said(page, "No longer always published: Reader 0.")
    opened(page, "Reader 0")


def test_a_moderator_blocks_a_network_and_takes_it_back(enter):
    page = enter("ilse", "block")
    page.get_by_role("link", name=re.compile("^Block the person")).click()
    page.get_by_role("radio", name=re.compile("The whole network")).check()
    page.get_by_role("button", name="Block").click()
    said(page, "4 comments")
    page.get_by_role("button", name="Undo").click()
    said(page, "Taken back")
