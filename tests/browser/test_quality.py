"""Every kind of page: accessible (axe-core), valid (Nu checker), small, readable as text."""

import gzip
import re
import shutil
import subprocess

import pytest

from tests.browser.conftest import needs

pytestmark = pytest.mark.browser

POST = "/2014/01/other-peoples-pencil/"
DEEP = "/2014/02/an-index-of-first-lines/"
PAGES = [
    "/",
    POST,
    f"{POST}?reply=3.1",
    DEEP,
    f"{DEEP}comments/1/",
    "/archive/",
    "/2014/",
    "/2014/01/",
    "/category/reading/",
    "/category/reading/second-hand/",
    "/tag/marginalia/",
    "/author/ilse-marchetti/",
    "/about/",
    "/nothing/",
]
FORMS = {
    "refused": {"comment": "", "name": "Sam", "email": "sam@", "parent": "1"},
    "preview": {"comment": "So *be* it.", "name": "Sam", "email": "s@example.org", "do": "preview"},
    "held": {"comment": "Hold me.", "name": "Sam", "email": "s@example.org"},
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RUN_AXE = "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })"


def fetch(site, path: str, form: dict | None = None) -> str:
    """The HTML of a page, whatever its status; of a held comment's page after the redirect."""
    answer = site.post(path, **form) if form else site.get(path)
    return site.get(answer.headers["Location"]).text if answer.status == 303 else answer.text


def violations(page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate(RUN_AXE, TAGS)["violations"]
    return [f"{rule['id']} at {node['target']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_any_page(watched, axe, scheme, width):
    page = watched.open(
        color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True
    )
    for path in PAGES:
        page.goto(path)
        assert violations(page, axe) == [], path
    for name, form in FORMS.items():
        page.goto(POST)
        for field in {"comment", "name", "email"} & form.keys():
            page.locator(f"#id_{field}").fill(form[field])
        button = "Preview" if name == "preview" else "Post comment"
        page.get_by_role("button", name=button).click()
        page.wait_for_load_state()
        assert violations(page, axe) == [], name


def test_the_nu_checker_finds_nothing_on_any_page(site, nu_checker):
    pages = {path: fetch(site, path) for path in PAGES}
    pages |= {name: fetch(site, f"{POST}comments/", form) for name, form in FORMS.items()}
    assert nu_checker(pages) == []


def test_the_sample_post_keeps_within_its_budget(site):
    html = fetch(site, POST)
    style = re.search(r'href="(/static/css/[^"]+)"', html)[1]
    script = re.search(r'src="(/static/js/[^"]+)"', html)[1]
    size = {
        name: len(gzip.compress(text.encode(), 9))
        for name, text in {
            "html": html,
            "css": fetch(site, style),
            "js": fetch(site, script),
        }.items()
    }
    assert size["html"] <= 14_336
    assert size["css"] <= 6_144
    assert size["js"] <= 3_072
    assert size["html"] + size["css"] <= 14_600


def test_every_page_can_be_read_in_a_text_browser(site, tmp_path):
    needs(shutil.which("w3m"), "no w3m: on Debian, apt-get install w3m")
    dump = subprocess.run(
        ["w3m", "-dump", "-cols", "80", "-O", "UTF-8", f"{site.url}{POST}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    text = " ".join(dump.split())
    for words in (
        "12 thoughts on “Other People’s Pencil”",
        "3.1 Ilse Marchetti Author to Tomás Lindqvist",
        "Post comment",
    ):
        assert words in text
