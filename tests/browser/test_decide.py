"""The page behind the link in a notice, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_quality import violations
from tests.server import Server

pytestmark = pytest.mark.browser

ISSUE = """
import json
from blog.models import User
from comments import warrants
from comments.models import Comment
comment = Comment.objects.exclude(parent=None).order_by('pk').last()
Comment.objects.filter(pk=comment.pk).hold(by=None)
Comment.objects.filter(pk=comment.pk).update(reasons=[
    {'code': 'links', 'words': '3 links', 'weight': 2.0},
    {'code': 'known', 'words': 'Written in 4 minutes', 'weight': -0.8},
])
comment.refresh_from_db()
print(json.dumps(warrants.issue(comment, User.objects.get(email='ilse@example.org'))))
"""


@pytest.fixture
def link(site: Server) -> str:
    """Ilse's link to an answer that waits."""
    return site.ask(ISSUE)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_moderator_decides_from_the_mail_and_takes_it_back(watched, link, script):
    page: Page = watched.open(java_script_enabled=script)
    page.goto(link)
    status = page.get_by_role("status")
    expect(status).to_contain_text("This comment waits for a decision.")
    page.get_by_role("button", name="Spam").click()
    expect(status).to_contain_text("Called spam.")
    page.get_by_role("button", name="Undo").click()
    expect(status).to_contain_text("The comment waits again.")
    page.get_by_role("button", name="Publish").click()
    expect(status).to_contain_text("Published.")
    page.get_by_role("link", name="See it in its place").click()
    expect(page.locator(":target")).to_be_visible()
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_page_of_a_decision(watched, axe, link, scheme, width):
    page = watched.open(
        color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    for press in ("", "Publish", "Undo"):
        if press:
            page.get_by_role("button", name=press).click()
        else:
            page.goto(link)
        page.wait_for_load_state()
        assert violations(page, axe) == [], press
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"{link[:-2]}/")
    assert violations(page, axe) == []
