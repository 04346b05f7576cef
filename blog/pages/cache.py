"""Answers a request before Django sees it, where its page is kept and true."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings

from blog.editions import glance
from blog.pages import keys
from blog.pages.page import Headers, Page
from blog.pages.store import Store
from blog.pages.terms import MARK

Application = Callable[[dict, Callable], Iterable[bytes]]
PATIENCE = 10.0  # seconds to wait for another thread that makes the same page
# What Django is not told of a request whose answer may be kept: who asks, and what they have.
UNTOLD = {
    "HTTP_COOKIE",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_RANGE",
}


class Pages:
    """A WSGI application (PEP 3333) before another one, whose pages it keeps in `stores`, the
    quickest first."""

    def __init__(self, application: Application, stores: list[Store]) -> None:
        self.application, self.stores = application, stores
        self.turns = Turns()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if (key := keys.of(environ)) is None:
            return self.application(environ, start_response)
        page = self.find(key)
        while not page:
            with self.turns.of(key) as is_first:
                page = self.find(key)
                if not page and (is_first or not self.stores[0].get(key)):
                    return self.make(key, environ, start_response)
        return page.answer(environ, start_response)

    def find(self, key: str) -> Page | None:
        """The page under `key`, if one is kept that is true at this moment."""
        for place, store in enumerate(self.stores):
            page = store.get(key)
            if page and page.terms.until > time.time() and page.terms.hold(glance(page.terms.post)):
                for quicker in self.stores[:place]:
                    quicker.put(key, page)
                return page
        return None

    def make(self, key: str, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """Has Django answer, and keeps the answer where its view said so."""
        asked = {name: value for name, value in environ.items() if name not in UNTOLD}
        asked["REQUEST_METHOD"] = "GET"
        said: list[tuple] = []
        response = self.application(asked, lambda *answer: said.append(answer))
        status, headers, *_error = said[0]
        if MARK in asked and is_keepable(status, headers):
            page = Page(for_all(headers), body(response), asked[MARK])
            for store in self.stores:
                store.put(key, page)
            return page.answer(environ, start_response)
        start_response(*said[0])
        return response if environ["REQUEST_METHOD"] == "GET" else without_body(response)


class Turns:
    """Lets one thread make a page while others that want the same wait for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.taken: dict[str, threading.Event] = {}

    @contextmanager
    def of(self, key: str) -> Iterator[bool]:
        """True at once for the first; False for the others, when the first is done."""
        with self.lock:
            others = self.taken.get(key)
            if not others:
                mine = self.taken[key] = threading.Event()
        if others:
            others.wait(PATIENCE)
            yield False
            return
        try:
            yield True
        finally:
            with self.lock:
                del self.taken[key]
            mine.set()


def is_keepable(status: str, headers: Headers) -> bool:
    """Whether an answer is whole, and gives nothing to one visitor alone."""
    names = {name.lower() for name, _value in headers}
    return status.startswith("200 ") and "set-cookie" not in names


def for_all(headers: Headers) -> Headers:
    """The headers of a page that is everybody's: a CDN may keep it where the owner says so, and
    then shows what has changed as much later (RFC 9111, 5.2.2.10)."""
    if not (seconds := settings.SHARED_MAX_AGE):
        return headers
    freshness = ("Cache-Control", f"public, max-age=0, s-maxage={seconds}")
    return [freshness if name == "Cache-Control" else (name, value) for name, value in headers]


def body(response: Iterable[bytes]) -> bytes:
    """All of a response, which is closed, as PEP 3333 asks."""
    try:
        return b"".join(response)
    finally:
        if hasattr(response, "close"):
            response.close()


def without_body(response: Iterable[bytes]) -> list[bytes]:
    body(response)
    return []
