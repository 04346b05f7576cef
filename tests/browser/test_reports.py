"""A reader reports a comment and takes that back, in a real browser, with and without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_quality import POST, violations

pytestmark = pytest.mark.browser


def is_too_wide(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_reports_a_comment_and_takes_it_back(watched, script, width):
    page = watched.open(
        java_script_enabled=script,
        viewport={"width": width, "height": 800},
        user_agent=f"Reader at {width}, {script}",
    )
    page.goto(POST)
    page.get_by_role("link", name=re.compile("^Report .*, comment 3.1$")).click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Report comment 3.1 by")
    page.get_by_label("It insults or threatens somebody").check()
    page.get_by_role("textbox", name="In your words").fill("He means me.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("status")).to_contain_text("with the moderators")
    page.get_by_role("button", name="Take my report back").click()
    expect(page.get_by_role("status")).to_contain_text("Your report is taken back.")
    page.get_by_role("link", name="Back to the comment").click()
    expect(page).to_have_url(re.compile(rf"{POST}#c3\.1$"))
    assert page.context.cookies() == []


def test_a_report_can_be_sent_by_keyboard(page: Page):
    page.goto(f"{POST}comments/2/report/")
    page.get_by_label("It is spam or advertising").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("It insults or threatens somebody")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("In your words")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("with the moderators")


def test_a_missing_reason_is_announced_and_the_words_stay(page: Page):
    page.goto(f"{POST}comments/1/report/")
    page.get_by_label("In your words").fill("Words that must not be lost.")
    page.get_by_role("button", name="Send report").click()
    box = page.get_by_role("alert")
    expect(box).to_be_focused()
    expect(box).to_contain_text("There is a problem with one field")
    expect(page.get_by_role("radiogroup")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("In your words")).to_have_value("Words that must not be lost.")
    box.get_by_role("link").click()
    expect(page.get_by_label("It is spam or advertising")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_any_page_of_a_report(watched, axe, scheme, width):
    page = watched.open(
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        bypass_csp=True,
        user_agent=f"Axe at {width}, {scheme}",
    )
    send = page.get_by_role("button", name="Send report")
    page.goto(f"{POST}comments/3.1/report/")
    for step in (
        lambda: None,
        send.click,
        lambda: (page.get_by_label("Something else").check(), send.click()),
        page.get_by_role("button", name="Take my report back").click,
    ):
        step()
        page.wait_for_load_state()
        assert violations(page, axe) == [], page.title()
        assert not is_too_wide(page), page.title()
    expect(page.get_by_role("status")).to_contain_text("taken back")


def test_every_choice_is_easy_to_hit_on_a_phone(watched):
    page = watched.open(viewport={"width": 320, "height": 640})
    page.goto(f"{POST}comments/3.1/report/")
    assert not is_too_wide(page)
    for target in (".form label:has(input)", ".form .button", ".form .actions a"):
        for one in page.locator(target).all():
            assert one.bounding_box()["height"] >= 24
