"""What people do, in a real browser, with and without script."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

POST = "/2014/01/other-peoples-pencil/"
DEEP = "/2014/02/an-index-of-first-lines/"


def test_a_reader_finds_a_post_and_its_conversation(page: Page):
    page.goto("/")
    page.get_by_role("link", name="Other People’s Pencil").first.click()
    expect(page).to_have_title("Other People’s Pencil – The Slow Reader")
    expect(page.get_by_role("heading", level=1)).to_have_text("Other People’s Pencil")
    expect(page.get_by_role("heading", level=2).last).to_have_text("Leave a Reply")
    expect(page.locator("article.comment")).to_have_count(12)
    expect(page.get_by_role("heading", name="12 thoughts on")).to_be_visible()
    picture = page.locator("figure img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1200)


def answer(page: Page, fill, words: str) -> None:
    page.goto(POST)
    page.get_by_role("link", name="Reply to").nth(1).click()
    expect(page.get_by_role("heading", name="Leave a Reply to")).to_be_visible()
    fill(page, words)
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("status")).to_contain_text("held for review")
    expect(page.locator("article.waiting .said")).to_have_text(words)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_guest_answers_and_a_moderator_lets_it_in(watched, desk, fill, script):
    words = f"My grandmother did the same, {'with' if script else 'without'} script."
    guest = watched.open(java_script_enabled=script)
    answer(guest, fill, words)
    private = guest.url

    reader = watched.open()
    reader.goto(POST)
    expect(reader.get_by_text(words)).to_have_count(0)

    desk.goto("/admin/")
    desk.get_by_role("link", name=re.compile("wait to be read|waits to be read")).click()
    desk.get_by_label("Search comments").fill(words)
    desk.get_by_role("button", name="Search").click()
    expect(desk.locator(".slip")).to_have_count(1)
    desk.locator(".acts").get_by_role("button", name="Publish").click()
    expect(desk.locator(".messagelist")).to_contain_text("Published: Sam Whitlow on")

    reader.reload()
    expect(reader.get_by_text(words)).to_be_visible()
    guest.goto(private.partition("#")[0])
    expect(guest).to_have_url(re.compile(rf"{POST}#c2\.\d$"))


def test_the_form_moves_under_the_comment_and_back(page: Page, fill):
    page.goto(POST)
    fill(page, "Half a thought")
    page.get_by_role("link", name="Reply to").first.click()
    expect(page).to_have_url(re.compile(rf"{POST}(#.*)?$"))
    assert page.locator("#c1 form").count() == 1
    expect(page.locator("#id_comment")).to_be_focused()
    expect(page.locator("#id_comment")).to_have_value("Half a thought")
    expect(page.locator("input[name=parent]")).to_have_value("1")
    page.keyboard.press("Escape")
    assert page.locator("#c1 form").count() == 0
    expect(page.locator("input[name=parent]")).to_have_value("")


def test_errors_are_announced_and_nothing_typed_is_lost(page: Page, fill):
    page.goto(POST)
    fill(page, "Words that must not be lost.", email="sam.whitlow@")
    page.get_by_role("button", name="Post comment").click()
    box = page.get_by_role("alert")
    expect(box).to_be_focused()
    expect(box).to_contain_text("There is a problem with one field")
    expect(page.locator("#id_comment")).to_have_value("Words that must not be lost.")
    expect(page.locator("#id_email")).to_have_attribute("aria-invalid", "true")
    described = page.locator("#id_email").get_attribute("aria-describedby")
    for name in described.split():
        assert page.locator(f"#{name}").count() == 1
    box.get_by_role("link").click()
    expect(page.locator("#id_email")).to_be_focused()


def test_a_writer_looks_at_a_preview_first(unscripted: Page, fill):
    unscripted.goto(POST)
    fill(unscripted, "So *pace* it is.")
    unscripted.get_by_role("button", name="Preview").click()
    expect(unscripted.locator("article.waiting em")).to_have_text("pace")
    expect(unscripted.locator("#id_comment")).to_have_value("So *pace* it is.")
    unscripted.get_by_role("button", name="Post comment").click()
    expect(unscripted.get_by_role("status")).to_contain_text("held for review")


def test_a_draft_outlives_a_closed_tab_and_goes_when_it_is_sent(watched, fill):
    page = watched.open()
    page.goto(POST)
    fill(page, "A thought that I interrupt")
    page.wait_for_timeout(1500)
    page.goto("/")
    page.goto(POST)
    expect(page.locator("#id_comment")).to_have_value("A thought that I interrupt")
    fill(page, "A thought that I finish")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("status")).to_contain_text("held for review")
    page.goto(POST)
    expect(page.locator("#id_comment")).to_have_value("")


def test_the_browser_remembers_who_asks_it_to(watched, fill):
    page = watched.open()
    page.goto(POST)
    fill(page, "Remember me.", name="Wren Castellanos", email="wren@example.org")
    page.get_by_label("Remember my name").check()
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("status")).to_contain_text("held for review")
    page.goto(DEEP)
    expect(page.locator("#id_name")).to_have_value("Wren Castellanos")
    assert page.context.cookies() == []


def test_a_link_into_a_folded_thread_opens_it(page: Page):
    page.goto(DEEP)
    page.locator("details.replies > summary").first.click()
    expect(page.locator('[id="c1.1"]')).to_be_hidden()
    page.goto(f"{DEEP}#c1.1")
    expect(page.locator('[id="c1.1"]')).to_be_visible()


def test_a_removed_comment_with_answers_leaves_a_stub(desk, watched):
    desk.goto("/admin/comments/comment/?status=published&q=poem+not+even+of+a+sort")
    desk.get_by_role("checkbox").nth(1).check()
    desk.get_by_label("Action:").first.select_option("remove")
    desk.get_by_role("button", name="Go").first.click()
    reader = watched.open()
    reader.goto(DEEP)
    stub = reader.locator('li[id="c1"] > article')
    expect(stub).to_contain_text("Removed by a moderator.")
    expect(stub.get_by_role("link", name="Reply")).to_have_count(0)
    expect(reader.locator('[id="c1.1"]')).to_contain_text("to a removed comment")
    desk.goto("/admin/comments/decision/")
    desk.locator("#result_list tbody a").first.click()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator(".messagelist")).to_contain_text("Taken back:")
    reader.reload()
    expect(stub).not_to_contain_text("Removed by a moderator.")


def test_every_admin_page_keeps_to_the_strict_policy(desk, site):
    """The watched page fails on any complaint of the Content-Security-Policy."""
    pk = site.ask("from comments.models import Comment as C; print(C.objects.first().pk)")
    post = site.ask("from blog.models import Post as P; print(P.objects.first().pk)")
    decision = site.ask("from comments.models import Decision as D; print(D.objects.first().pk)")
    person = site.ask("from comments.models import Person as P; print(P.objects.first().pk)")
    for path in (
        "",
        "comments/comment/?status=all",
        f"comments/comment/{pk}/change/",
        f"comments/comment/{pk}/thread/",
        f"comments/comment/{pk}/history/",
        "comments/decision/",
        f"comments/decision/{decision}/change/",
        "comments/rule/",
        "comments/rule/add/",
        "comments/person/",
        f"comments/person/{person}/change/",
        "blog/post/",
        "blog/post/add/",
        f"blog/post/{post}/change/",
        f"blog/post/{post}/delete/",
        "blog/category/add/",
        "blog/tag/",
        "blog/user/",
        "blog/user/add/",
        "blog/blog/",
        "sample-content/",
        "password_change/",
    ):
        response = desk.goto(f"/admin/{path}")
        assert response.status == 200, path
        assert "unsafe-inline" not in response.headers["content-security-policy"]


def test_the_owner_finishes_the_set_up(chromium, prepared, tmp_path):
    from tests.server import Server

    server = Server(tmp_path).start(like=prepared)
    try:
        page = chromium.new_page()
        page.goto(server.welcome)
        page.get_by_label("Title").fill("Notes from Below")
        page.get_by_label("Time zone").select_option("Europe/Rome")
        page.get_by_label("Your name").fill("Piet Vandersloot")
        page.get_by_label("Your email address").fill("piet@example.org")
        page.get_by_label("A password").fill("three old pencils")
        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_text("Welcome. The blog is yours.")).to_be_visible()
        page.get_by_role("link", name="The blog still has its sample content").click()
        page.get_by_role("button", name="Remove all sample content").click()
        page.goto(server.url)
        expect(page.get_by_role("heading", level=1)).to_have_text("Notes from Below")
        expect(page.get_by_text("Nothing has been published here yet.")).to_be_visible()
    finally:
        server.close()


@pytest.mark.parametrize("path", ["/", POST, DEEP, "/archive/", "/about/", "/nothing/"])
def test_no_page_scrolls_sideways(watched, path):
    for width in (320, 360, 768, 1280):
        page = watched.open(viewport={"width": width, "height": 800})
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_answers_nested_six_deep_keep_their_width_on_a_phone(watched):
    page = watched.open(viewport={"width": 360, "height": 800})
    page.goto(DEEP)
    assert page.locator('[id="c1.1.1.1.1.1"]').count() == 1
    widths = page.eval_on_selector_all(
        ".comment .said", "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert min(widths) >= 270


def test_a_page_stays_still_while_it_loads_and_is_scrolled(watched):
    page = watched.open(viewport={"width": 360, "height": 740})
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())"
        " window.shift += entry.value }).observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(POST)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") == 0
