"""Where pages are kept: in the memory of each process, and in Redis where there is one."""

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from typing import Protocol

import redis
from django.conf import settings

from blog.pages.page import Page

logger = logging.getLogger(__name__)
PATIENCE = 0.25  # seconds that Redis may take
PAUSE = 5.0  # seconds after a failure in which it is not asked
DAYS = 7 * 24 * 60 * 60  # seconds that it keeps a page nobody asks for
LARGEST = 1 / 8  # of a store that one page may take


def stores(limit: int, url: str) -> list["Store"]:
    """The quickest first: this process's memory, then Redis where its address is given."""
    memory = Memory(limit)
    return [memory, Shared(url, release())] if url else [memory]


def release() -> str:
    """Names the code and the settings that pages are printed by: another release, other pages."""
    digest = hashlib.sha256(f"{settings.SITE_URL} {settings.LANGUAGE_CODE}".encode())
    manifest = [settings.STATIC_ROOT / "staticfiles.json"]
    for folder in ("blog", "comments", "config", "templates"):
        manifest += sorted((settings.BASE_DIR / folder).rglob("*.[ph][yt]*"))
    for path in manifest:
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:12]


class Store(Protocol):
    """What keeps pages by their keys."""

    def get(self, key: str) -> Page | None: ...

    def put(self, key: str, page: Page) -> None: ...


class Memory:
    """The pages asked for last, in at most `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: str) -> Page | None:
        with self.lock:
            if page := self.pages.get(key):
                self.pages.move_to_end(key)
            return page

    def put(self, key: str, page: Page) -> None:
        if page.size > self.limit * LARGEST:
            return
        with self.lock:
            if former := self.pages.pop(key, None):
                self.size -= former.size
            self.pages[key] = page
            self.size += page.size
            while self.size > self.limit:
                _key, oldest = self.pages.popitem(last=False)
                self.size -= oldest.size


class Shared:
    """The pages of all processes, in Redis, which forgets by its own settings (maxmemory-policy).

    While Redis is away pages are made as if there were none. What it holds is never believed: what
    cannot be read is no page, and what can be read is asked whether it is true as every page is.
    """

    def __init__(self, url: str, release: str) -> None:
        self.client = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        self.release = release
        self.away_until = 0.0

    def get(self, key: str) -> Page | None:
        data = self._ask(lambda: self.client.get(self._name(key)))
        try:
            return Page.load(data) if data else None
        except (ValueError, OSError, EOFError, KeyError, TypeError, AttributeError):
            logger.warning("What Redis has as %s is not a page", self._name(key))
            return None

    def put(self, key: str, page: Page) -> None:
        self._ask(lambda: self.client.set(self._name(key), page.dump(), ex=DAYS))

    def _name(self, key: str) -> str:
        return f"colloquy:{self.release}:{key}"

    def _ask(self, question):
        if time.monotonic() < self.away_until:
            return None
        try:
            return question()
        except redis.RedisError as error:
            self.away_until = time.monotonic() + PAUSE
            logger.warning("Redis does not answer, pages are made without it: %s", error)
            return None
