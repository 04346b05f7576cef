"""Asking a server that runs for its pages before readers do, so that they find them made."""

import http.client
from collections.abc import Iterator
from http import HTTPStatus

from django.conf import settings
from django.urls import reverse

from blog.models import Post

LISTS = ("/", "/archive/", "/feed/", "/comments/feed/", "/sitemap.xml")


def addresses() -> Iterator[str]:
    """The lists that everybody opens, then every post and page, the newest first."""
    yield from LISTS
    posts = Post.objects.published().order_by("-published_at")
    for post in posts.only("kind", "slug", "published_at").iterator(chunk_size=500):
        yield reverse("post", args=[post.place])


def rounds() -> int:
    """How often each page is asked for: where processes share nothing, each is to make it."""
    return 1 if settings.CACHE_URL else settings.WEB_PROCESSES


def ask(path: str) -> int:
    """The status of the answer, on a connection of its own: whichever process takes it.

    Raises OSError where nothing listens.
    """
    host = "127.0.0.1" if settings.IS_EVERYWHERE else settings.HOST
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=30)
    headers = {"Host": settings.SITE.netloc, "Accept-Encoding": "br, gzip"}
    if settings.TRUSTED_PROXIES and settings.HTTPS:
        headers["X-Forwarded-Proto"] = "https"
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return HTTPStatus(answer.status)
    finally:
        connection.close()
