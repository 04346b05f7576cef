"""A real Chromium on a real server. Whatever a test does, nothing may reach for another site or
complain on the console.
"""

import json
import os
import shutil
import subprocess
import urllib.parse
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.server import ROOT, Server

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
TOOLS = ROOT / ".tools" / "node_modules"
MISSING = "no Chromium: on Debian, apt-get install chromium"
IN_CI = bool(os.environ.get("CI"))  # there nothing may be skipped


def needs(thing: object, words: str) -> None:
    """Skips a test that lacks a tool, with a line that says how to get it; fails in CI."""
    if not thing:
        (pytest.fail if IN_CI else pytest.skip)(words)


@pytest.fixture(scope="module")  # Playwright's loop runs as long, and Django refuses to work in it
def chromium() -> Iterator[Browser]:
    needs(CHROMIUM, MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(chromium, prepared, tmp_path_factory) -> Iterator[Server]:
    """A blog with the sample content, and Ilse, who finished its set-up."""
    server = Server(tmp_path_factory.mktemp("site")).start(like=prepared)
    server.run(
        "from blog.models import Blog, User;"
        "User.objects.create_superuser('ilse@example.org', 'three old pencils', name='Ilse M');"
        "Blog.objects.update(title='The Slow Reader', tagline='Notes from the margin',"
        " welcome_token='')"
    )
    yield server
    server.close()


class Watched:
    """Pages whose every request and console line is looked at when the test is over."""

    def __init__(self, browser: Browser, site: Server) -> None:
        self.browser, self.site = browser, site
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.expected: list[str] = []

    def open(self, **options) -> Page:
        context = self.browser.new_context(base_url=self.site.url, **options)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._look)
        return page

    def _listen(self, message) -> None:
        is_answer = "the server responded with a status" in message.text  # a refusal that we want
        if message.type in ("error", "warning") and not is_answer:
            self.complaints.append(message.text)

    def _look(self, request) -> None:
        here = urllib.parse.urlsplit(self.site.url).netloc
        if urllib.parse.urlsplit(request.url).netloc not in ("", here):
            self.complaints.append(f"request to {request.url}")


@pytest.fixture
def watched(chromium, site) -> Iterator[Watched]:
    watched = Watched(chromium, site)
    yield watched
    for context in watched.contexts:
        context.close()
    assert watched.complaints == []


@pytest.fixture
def page(watched) -> Page:
    return watched.open()


@pytest.fixture
def unscripted(watched) -> Page:
    return watched.open(java_script_enabled=False)


@pytest.fixture
def desk(watched) -> Page:
    """Ilse, logged in to the admin site through its own form."""
    page = watched.open()
    page.goto("/admin/")
    page.get_by_label("Email address").fill("ilse@example.org")
    page.get_by_label("Password").fill("three old pencils")
    page.get_by_role("button", name="Log in").click()
    return page


@pytest.fixture(scope="session")
def axe() -> str:
    path = TOOLS / "axe-core" / "axe.min.js"
    needs(path.exists(), "no axe-core: install npm and run `make test` again")
    return path.read_text()


@pytest.fixture(scope="session")
def nu_checker(tmp_path_factory) -> Callable[[dict[str, str]], list[str]]:
    """nu_checker({name: html}) says what the Nu checker finds: "name: message: extract"."""
    jar = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    needs(jar.exists(), "no Nu checker: install npm and run `make test` again")
    needs(shutil.which("java"), "no Java: on Debian, apt-get install default-jre-headless")

    def check(pages: dict[str, str]) -> list[str]:
        folder = tmp_path_factory.mktemp("checked")
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            path = folder / f"{number}.html"
            path.write_text(html)
            names[path.name] = name
        command = [
            "java",
            "-jar",
            jar,
            "--format",
            "json",
            "--stdout",
            "--exit-zero-always",
            folder,
        ]
        done = subprocess.run(command, capture_output=True, check=True)
        return [
            f"{names[one['url'].rpartition('/')[2]]}: {one['message']}: {one.get('extract', '')}"
            for one in json.loads(done.stdout)["messages"]
            if one["type"] == "error" or one.get("subType") == "warning"
        ]

    return check


@pytest.fixture
def fill() -> Callable[..., None]:
    """fill(page, comment="…") writes the form as Sam does."""

    def write(page: Page, comment: str, name: str = "Sam Whitlow", email: str = "sam@example.org"):
        page.get_by_role("textbox", name="Comment").fill(comment)
        page.get_by_role("textbox", name="Name").fill(name)
        page.get_by_role("textbox", name="Email").fill(email)

    return write
