"""A reader gets a page that is kept, and never one that is no longer true."""

import gzip
import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import brotli
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import RequestFactory
from django.utils import timezone

from blog import editions
from blog.models import Blog, Category, Post, Tag
from blog.pages import keys
from blog.pages.cache import Pages
from blog.pages.page import Page, encoding
from blog.pages.store import Memory, Shared
from comments import editing
from comments.models import Comment
from config.sqlite.base import Clock
from tests.conftest import write
from tests.server import on_postgresql

MB = 1024 * 1024
DJANGO = get_wsgi_application()  # making another would set up logging again


class Reader:
    """Asks as a browser does, through what stands before Django; `made` counts what it has made."""

    def __init__(self) -> None:
        self.made = 0
        self.django = DJANGO
        self.pages = Pages(self.make, [Memory(4 * MB)])

    def make(self, environ, start_response):
        self.made += 1
        return self.django(environ, start_response)

    def get(self, path: str, method: str = "GET", **headers: str) -> "Answer":
        headers = {"host": "127.0.0.1"} | headers
        names = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        environ = RequestFactory(SERVER_NAME="127.0.0.1").generic(method, path, **names).environ
        said = []
        body = b"".join(self.pages(environ, lambda *answer: said.append(answer)))
        status, fields, *_ = said[0]
        return Answer(int(status[:3]), dict(fields), body)


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()


@pytest.fixture(autouse=True)
def _connections() -> Iterator[None]:
    """Django closes connections around requests; here the test's own transaction is on one."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def path(post) -> str:
    return post.get_absolute_url()


def test_a_page_is_made_once_and_then_kept(reader, path, say):
    say("The margin is mine.")
    first, second = reader.get(path), reader.get(path)
    assert "The margin is mine." in first.text
    assert first.body == second.body
    assert reader.made == 1


def test_every_kind_of_page_is_kept(reader, post, say):
    post.tags.add(Tag.objects.create(name="T"))
    post.categories.add(Category.objects.create(name="C"))
    for _ in range(60):
        say()
    at = post.get_absolute_url()
    year, month = at.split("/")[1:3]
    paths = ["/", "/archive/", f"/{year}/", f"/{year}/{month}/", "/tag/t/", "/category/c/", at]
    paths += [post.author.get_absolute_url(), f"{at}comments/51-100/", f"{at}comments/3/"]
    paths += ["/feed/", "/comments/feed/", f"{at}feed/", "/sitemap.xml", "/robots.txt"]
    for path in paths:
        assert reader.get(path).status == 200, path
        made = reader.made
        assert reader.get(path).status == 200
        assert reader.made == made, path


@pytest.mark.parametrize("verb", ["hold", "mark_spam", "remove"])
def test_a_reader_never_sees_what_a_moderator_has_taken_away(reader, path, say, ana, verb):
    comment = say("Not for long.")
    say("An answer.", answers="1")
    assert "Not for long." in reader.get(path).text
    decision = getattr(Comment.objects.filter(pk=comment.pk), verb)(by=ana)
    assert "Not for long." not in reader.get(path).text
    decision.undo(by=ana)
    assert "Not for long." in reader.get(path).text


def test_a_published_comment_is_on_every_page_that_shows_it(reader, post, path, say, ana):
    waiting = say("At last.", status="pending")
    pages = [path, "/", "/comments/feed/", f"{path}feed/"]
    for page in pages:
        assert "At last." not in reader.get(page).text
    Comment.objects.filter(pk=waiting.pk).publish(by=ana)
    for page in (path, "/comments/feed/", f"{path}feed/"):
        assert "At last." in reader.get(page).text
    assert "1 thought" in reader.get("/").text


def test_an_edited_comment_is_shown_as_edited(reader, path, say, ana):
    comment = say("Teh pencil.")
    reader.get(path)
    comment.body = "The pencil."
    editing.save(comment, by=ana)
    page = reader.get(path).text
    assert "The pencil." in page
    assert "edited by a moderator" in page


def test_a_comment_on_one_post_leaves_the_pages_of_others_alone(reader, path, ilse, say):
    other = write(ilse, "Another").get_absolute_url()
    reader.get(path), reader.get(other)
    made = reader.made
    say()
    reader.get(other)
    assert reader.made == made
    reader.get(path)
    assert reader.made == made + 1


def test_a_flood_of_spam_empties_no_cache(reader, path, say):
    reader.get(path), reader.get("/")
    made = reader.made
    for status in ("pending", "spam"):
        say("Buy now.", status=status)
    reader.get(path), reader.get("/")
    assert reader.made == made


def change_title(post):
    post.title = "Changed"
    post.save()


CHANGES = {
    "the title of a post": change_title,
    "the settings": lambda post: Blog.objects.update(title="Changed"),
    "the name of an author": lambda post: type(post.author).objects.update(name="Changed"),
    "a tag": lambda post: Tag.objects.create(name="Changed").posts.add(post),
    "a page in the menu": lambda post: write(post.author, "Changed", kind=Post.Kind.PAGE),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_the_owner_changes_is_live_at_once(reader, post, path, change):
    assert "Changed" not in reader.get(path).text
    CHANGES[change](post)
    assert "Changed" in reader.get(path).text


def test_a_post_that_is_deleted_is_gone(reader, post, path):
    reader.get(path)
    post.delete()
    assert reader.get(path).status == 404
    assert post.title not in reader.get("/").text


def test_a_scheduled_post_appears_at_its_hour(reader, path, ilse, later):
    soon = timezone.now() + timedelta(hours=1)
    write(ilse, "The next one", published_at=soon)
    before = reader.get("/")
    assert "The next one" not in before.text
    assert "The next one" not in reader.get(path).text
    later(hours=2)
    after = reader.get("/", if_modified_since=before.headers.get("Last-Modified", ""))
    assert "The next one" in after.text
    assert "The next one" in reader.get(path).text  # as the one that comes after


def test_a_conversation_ends_on_its_day(reader, post, path, later):
    Blog.objects.update(comments_close_after=90)
    assert 'id="id_comment"' in reader.get(path).text
    later(days=91)
    page = reader.get(path)
    assert 'id="id_comment"' not in page.text
    assert "They close 90 days after a post." in page.text


def test_a_change_that_is_taken_back_changes_nothing(reader, post, path, transactional_db):
    before = reader.get(path).text
    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle(post)
    assert reader.get(path).text == before


def fail_in_the_middle(post):
    from django.db import transaction

    with transaction.atomic():
        Post.objects.filter(pk=post.pk).update(title="Half")
        1 / 0  # noqa: B018


def test_editions_grow_when_the_clock_goes_back(db, monkeypatch):
    editions.renew()
    first = editions.read().blog
    monkeypatch.setattr(time, "time_ns", lambda: 1_000)
    editions.renew()
    assert editions.read().blog == first + 1


def test_a_glance_at_the_editions_is_as_good_as_a_look(post, say):
    say()
    assert editions.glance(post.pk) == editions.read(post.pk)
    assert None not in editions.read(post.pk)
    assert editions.read(10**9).thread is None


# Who asks


def test_a_writer_who_is_logged_in_gets_nothing_that_is_kept(reader, path, client, ana):
    kept = reader.get(path)
    client.force_login(ana)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    page = reader.get(path, cookie=cookie)
    assert "You write as Ana Prieto" in page.text
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert reader.get(path).body == kept.body
    assert reader.made == 2


UNKEYED = {
    "accept_language": "fr", "cookie": "theme=dark; csrftoken=abc", "forwarded": "host=evil",
    "from": "a@b.example", "max_forwards": "1", "origin": "https://evil.example", "pragma": "x",
    "range": "bytes=0-9", "referer": "https://evil.example/", "user_agent": "<script>",
    "true_client_ip": "203.0.113.9", "via": "1.1 evil", "x_forwarded_for": "203.0.113.9",
    "x_forwarded_host": "evil.example", "x_forwarded_port": "1", "x_forwarded_prefix": "/evil",
    "x_forwarded_proto": "https", "x_forwarded_scheme": "nothttps", "x_forwarded_server": "evil",
    "x_host": "evil.example", "x_http_method": "POST", "x_http_method_override": "DELETE",
    "x_method_override": "PUT", "x_original_url": "/admin/", "x_rewrite_url": "/admin/",
    "x_real_ip": "203.0.113.9", "x_requested_with": "XMLHttpRequest", "x_wap_profile": "evil",
    "x_custom_ip_authorization": "127.0.0.1", "x_originating_ip": "127.0.0.1", "dnt": "1",
    "x_remote_ip": "127.0.0.1", "x_client_ip": "127.0.0.1", "x_arbitrary": "evil",
    "save_data": "on", "sec_fetch_site": "cross-site", "sec_ch_ua_mobile": "?1", "te": "trailers",
    "upgrade_insecure_requests": "1", "width": "1", "x_amz_website_redirect_location": "//evil",
    "authorization": "Basic eDp5", "accept": "application/json", "if_range": "x",
}  # fmt: skip


def test_no_header_poisons_a_page(path):
    clean = Reader().get(path)
    for name, value in UNKEYED.items():
        reader = Reader()
        poisoned = reader.get(path, **{name: value})
        assert poisoned.status == 200, name
        assert reader.get(path, cookie="a=1").body == clean.body, name
        assert reader.get(path, cookie="b=2").headers == clean.headers, name
        assert reader.made == 1, name
    assert len(UNKEYED) >= 40


@pytest.mark.parametrize(
    "query", ["utm_source=evil", "x=%3Cscript%3E", "after=nonsense", "a=1&a=2", "=", "&&", "page=2"]
)
def test_no_parameter_poisons_a_page(reader, path, query):
    clean = Reader().get(path)
    assert reader.get(f"{path}?{query}").body == clean.body
    assert reader.get(path).body == clean.body


def test_unknown_parameters_find_the_page_that_is_kept(reader, path):
    reader.get(path)
    reader.get(f"{path}?utm_source=letter&utm_medium=mail")
    assert reader.made == 1


@pytest.mark.parametrize("query", ["reply=1", "posted=1"])
def test_a_page_for_one_reader_is_not_kept(reader, path, say, query):
    say()
    reader.get(f"{path}?{query}"), reader.get(f"{path}?{query}")
    assert reader.made == 2
    assert "Leave a Reply to Sam" not in reader.get(path).text
    assert "Your comment is up" not in reader.get(path).text


def test_pages_of_a_branch_are_kept_apart(reader, post, path, say):
    say()
    for _ in range(252):
        say(answers="1")
    first, second = (reader.get(f"{path}comments/1/{more}") for more in ("", "?after=1.250"))
    assert first.body != second.body
    assert reader.get(f"{path}comments/1/?after=1.250&utm=x").body == second.body
    assert reader.made == 2


def test_a_host_that_is_not_ours_gets_nothing(reader, path):
    reader.get(path)
    assert reader.get(path, host="evil.example").status == 400


def test_where_https_is_asked_for_plain_http_is_led_there(reader, path, settings):
    reader.get(path, x_forwarded_proto="https")
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert keys.of(RequestFactory(HTTP_HOST="127.0.0.1").get(path).environ) is None
    secure = RequestFactory(HTTP_HOST="127.0.0.1", HTTP_X_FORWARDED_PROTO="https").get(path)
    assert keys.of(secure.environ) == f"https:{path}"


@pytest.mark.parametrize("path", ["/admin/", "/healthz", "/static/x.css", "/nothing/", "/2014/x/"])
def test_what_is_no_page_is_not_kept(reader, blog, path):
    reader.get(path), reader.get(path)
    assert reader.made == 2


def test_a_page_with_a_cookie_is_not_kept(path, monkeypatch):
    reader = Reader()
    django = reader.django

    def with_cookie(environ, start_response):
        def started(status, headers, *more):
            start_response(status, [*headers, ("Set-Cookie", "a=1")], *more)

        return django(environ, started)

    reader.django = with_cookie
    assert reader.get(path).headers["Set-Cookie"] == "a=1"
    reader.get(path)
    assert reader.made == 2


# What they get (RFC 9110)


def test_a_browser_gets_the_encoding_that_it_takes_best(reader, path):
    plain = reader.get(path)
    small = reader.get(path, accept_encoding="gzip, deflate, br, zstd")
    older = reader.get(path, accept_encoding="gzip;q=1.0, *;q=0")
    assert brotli.decompress(small.body) == plain.body
    assert gzip.decompress(older.body) == plain.body
    assert "Content-Encoding" not in plain.headers
    assert (small.headers["Content-Encoding"], older.headers["Content-Encoding"]) == ("br", "gzip")
    assert len({answer.headers["ETag"] for answer in (plain, small, older)}) == 3
    for answer in (plain, small, older):
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Content-Length"] == str(len(answer.body))
    assert reader.made == 1


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"), ("gzip", "gzip"), ("GZIP", "gzip"), ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip;q=0", "identity"), ("*", "br"), ("gzip;q=nonsense", "identity"),
        ("identity", "identity"), ("br;q=0,*", "gzip"), (",;,=", "identity"),
    ],
)  # fmt: skip
def test_weights_are_heeded(accepted, coding):
    assert encoding(accepted) == coding


def test_a_browser_that_has_the_page_is_told_so(reader, path):
    for accepted in ("", "gzip", "br"):
        page = reader.get(path, accept_encoding=accepted)
        tag = page.headers["ETag"]
        for tags in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = reader.get(path, accept_encoding=accepted, if_none_match=tags)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["ETag"] == tag
            assert "Content-Length" not in again.headers
            assert "Content-Security-Policy" in again.headers
    assert reader.get(path, if_none_match='"other"').status == 200


def test_a_feed_reader_is_told_by_date(reader, path, say, later):
    say()
    later(seconds=5)
    date = reader.get(path).headers["Last-Modified"]
    assert reader.get(path, if_modified_since=date).status == 304
    assert reader.get(path, if_modified_since=date, if_none_match='"other"').status == 200
    assert reader.get(path, if_modified_since="nonsense").status == 200
    time.sleep(1)
    say()
    assert reader.get(path, if_modified_since=date).status == 200


def test_a_change_of_this_second_has_no_date_yet(reader, path, say):
    say()
    assert "Last-Modified" not in reader.get(path).headers


def test_whoever_asks_for_the_head_alone_gets_it(reader, path):
    for _ in range(2):
        head, page = reader.get(path, "HEAD"), reader.get(path)
        assert (head.status, head.body) == (200, b"")
        assert head.headers == page.headers
    assert reader.get("/nothing/", "HEAD").body == b""


def test_the_first_reader_is_told_by_tag_as_well(path):
    tag = Reader().get(path).headers["ETag"]
    assert Reader().get(path, if_none_match=tag).status == 304


def test_security_headers_are_kept_with_the_page(reader, path):
    reader.get(path)
    headers = reader.get(path).headers
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert name in headers
    assert headers["Cache-Control"] == "no-cache"


def test_a_cdn_may_keep_pages_where_the_owner_says_so(reader, path, settings):
    settings.SHARED_MAX_AGE = 60
    assert reader.get(path).headers["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert reader.get(path, cookie="sessionid=x").headers["Cache-Control"] == "private, no-cache"
    assert reader.get("/nothing/").headers["Cache-Control"] == "no-cache"


# Where pages are kept


def a_page(size: int, **terms) -> Page:
    facts = {
        "made_of": editions.Editions(1, 2, 3), "watched": (0,), "post": None,
        "until": float("inf"), "changed": 0.0,
    } | terms  # fmt: skip
    from blog.pages.terms import Terms

    return Page([("Content-Type", "text/html; charset=utf-8")], b"x" * size, Terms(**facts))


def test_the_memory_forgets_what_was_asked_for_least(rf):
    memory = Memory(40_000)
    for name in "abcd":
        memory.put(name, a_page(1_000))
        memory.get("a")
    for number in range(8):
        memory.put(str(number), a_page(1_000))
        memory.get("a")
    assert memory.get("a")
    assert not memory.get("b")
    assert memory.size <= memory.limit


def test_a_page_that_would_push_all_others_out_is_not_kept():
    memory = Memory(40_000)
    memory.put("small", a_page(1_000))
    memory.put("huge", a_page(40_000))
    assert memory.get("small")
    assert not memory.get("huge")


def test_a_page_put_again_counts_once():
    memory = Memory(40_000)
    for _ in range(100):
        memory.put("a", a_page(1_000))
    assert memory.size == a_page(1_000).size


def test_a_page_survives_the_way_to_another_process():
    page = a_page(1_000, until=12.5)
    again = Page.load(page.dump())
    assert (again.body, again.headers, again.terms) == (page.body, page.headers, page.terms)
    assert again.date == page.date


@pytest.mark.parametrize(
    "junk",
    [b"", b"x", b"{}\n", b"[]\nx", b"\x80\x04N.", b'{"headers": 1, "terms": {}}\nx', b"null\n"],
)
def test_what_is_no_page_is_a_miss(junk, caplog):
    shared = Shared("redis://127.0.0.1:1", "test")
    shared.client = {"colloquy:test:a": junk}
    assert shared.get("a") is None


def test_without_redis_pages_are_made_all_the_same(path, caplog):
    reader = Reader()
    reader.pages.stores.append(Shared("redis://127.0.0.1:1", "test"))
    assert reader.get(path).status == 200
    began = time.monotonic()
    for _ in range(50):
        reader.get("/nothing/")
    assert reader.get(path).status == 200
    assert time.monotonic() - began < 5
    assert "Redis does not answer" in caplog.text


# Many at once


def test_fifty_who_ask_at_once_have_it_made_once(post, path, transactional_db):
    reader = Reader()
    slow = reader.django

    def slowly(environ, start_response):
        time.sleep(0.2)
        return slow(environ, start_response)

    reader.django = slowly
    reader.get(path)
    Blog.objects.update(title="Anew")
    answers = []
    threads = [threading.Thread(target=closing, args=(answers, reader, path)) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reader.made == 2
    assert len(answers) == 50
    assert all("Anew" in answer.text for answer in answers)


def closing(answers: list, reader: Reader, path: str) -> None:
    """Asks as a thread of its own, with a connection of its own."""
    from django.db import connection

    try:
        answers.append(reader.get(path))
    finally:
        connection.close()


def test_those_who_wait_for_what_cannot_be_kept_wait_once(blog, transactional_db):
    reader = Reader()
    quick = reader.django

    def slowly(environ, start_response):
        time.sleep(0.2)
        return quick(environ, start_response)

    reader.django = slowly
    answers: list = []
    threads = [
        threading.Thread(target=closing, args=(answers, reader, "/nothing/")) for _ in range(10)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 1.5
    assert [answer.status for answer in answers] == [404] * 10


# The clock of SQLite


@pytest.fixture
def ticking(tmp_path) -> Clock:
    return Clock(str(tmp_path / "x-queue"))


def test_the_clock_is_odd_while_somebody_writes_and_the_same_for_all(ticking, tmp_path):
    other = Clock(str(tmp_path / "x-queue"))
    before = ticking.tick()
    assert before % 2 == 0
    ticking.begin()
    assert other.tick() % 2 == 1
    ticking.end()
    assert other.tick() % 2 == 0
    assert other.tick() > before


def test_who_dies_while_writing_leaves_nobody_with_old_pages(ticking):
    before = ticking.tick()
    ticking.begin()
    assert ticking.tick() % 2 == 1  # everybody asks the database
    ticking.begin()  # the next writer
    ticking.end()
    assert ticking.tick() not in (before, before + 1)
    assert ticking.tick() % 2 == 0


def test_where_there_is_no_room_for_a_clock_everybody_asks(tmp_path, monkeypatch):
    def full(*_anything):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    clock = Clock(str(tmp_path / "x-queue"))
    clock.begin(), clock.end()
    assert clock.tick() % 2 == 1


@pytest.mark.skipif(on_postgresql(), reason="about SQLite’s clock")
def test_what_was_read_is_known_until_somebody_writes(post, transactional_db, monkeypatch):
    first = editions.glance(post.pk)
    monkeypatch.setattr(editions, "_ask", None)
    assert editions.glance(post.pk) == first  # without asking
    monkeypatch.undo()
    editions.renew_threads([post.pk])
    second = editions.glance(post.pk)
    assert second.thread > first.thread if first.thread else second.thread
    assert second == editions.read(post.pk)
