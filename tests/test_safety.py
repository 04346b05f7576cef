"""What strangers try, and what every answer carries."""

import hashlib
import logging
import re
import sqlite3
import subprocess
import sys
from importlib.util import find_spec
from urllib.parse import quote

import defusedxml.ElementTree
import html5lib
import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client

from blog.models import Post
from comments import views
from comments.desk.reading import token
from comments.models import Comment, Decision
from config.logs import OneLine
from config.proxies import UNKNOWN, client_address
from tests.conftest import PASSWORD, write
from tests.server import ROOT

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</title></textarea><svg onload=alert(1)>",
    "]]><script>alert(1)</script>",
    "{{7*7}}{% debug %}",
    "javascript:alert(1)",
]
DESK = "/admin/comments/comment/"


@pytest.fixture
def quiet(client):
    client.raise_request_exception = False
    return client


def kinds(html: str) -> set[str]:
    """What elements a page has, and which attributes of them could run something."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    found = set()
    for element in tree.iter():
        if isinstance(element.tag, str):
            found.add(element.tag)
            found |= {name for name in element.attrib if str(name).startswith("on")}
            found |= {
                "javascript:"
                for v in map(element.get, ("href", "src", "action", "formaction"))
                if (v or "").startswith("javascript:")
            }
    return found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_stranger_writes_is_words_wherever_it_is_shown(client, ilse, post, say, payload):
    plain, risky = "A fair point.", f"{payload} words"
    say(plain)
    ordinary = kinds(client.get(post.get_absolute_url()).text)
    comment = say(risky, name=payload, email="x@example.org", user_agent=payload)
    page = client.get(post.get_absolute_url()).text
    assert kinds(page) <= ordinary | {"p", "br"}
    assert "alert(1)" in page or "7*7" in page
    feed = defusedxml.ElementTree.fromstring(client.get("/comments/feed/").content)
    assert payload in feed.find("channel/item/title").text
    assert kinds(feed.find("channel/item/description").text) <= {"html", "head", "body", "p"}
    client.force_login(ilse)
    Comment.objects.filter(pk=comment.pk).remove(by=ilse)
    decision = Decision.objects.first()
    for path in (
        f"{DESK}?status=all",
        f"{DESK}{comment.pk}/change/",
        f"{DESK}{comment.pk}/thread/",
        f"{DESK}{comment.pk}/history/",
        f"/admin/comments/decision/{decision.pk}/change/",
    ):
        found = kinds(client.get(path).text)
        assert not found & {"onerror", "onload", "javascript:"}, path


def test_no_public_answer_tells_an_address(client, ilse, post, say):
    say("Hello.", email="sam.private@example.org", address="192.0.2.77")
    write(ilse, "Second")
    secrets = ["sam.private", "192.0.2.77", "ilse@example.org"]
    for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        secrets += [digest(b"sam.private@example.org").hexdigest()]
    place = post.get_absolute_url()
    for path in (
        "/",
        place,
        f"{place}?reply=1",
        f"{place}comments/1/",
        f"{place}feed/",
        "/comments/feed/",
        "/feed/",
        "/sitemap.xml",
        "/author/ilse-marchetti/",
    ):
        response = client.get(path)
        whole = response.text + str(response.headers)
        assert not [secret for secret in secrets if secret in whole], path


def test_a_reader_gets_no_cookie_and_no_session(client, post, answer, say):
    say()
    client.get("/"), client.get(post.get_absolute_url()), client.get("/nothing/")
    answer(), answer(comment=""), answer(do="preview")
    assert not client.cookies
    assert not Session.objects.exists()


STRANGE = ["'", '"', "a__b", "\x00", "%00", "9" * 400, "-1", "../../etc/passwd", "{}", "<b>", "１"]


@pytest.mark.parametrize("odd", STRANGE)
def test_no_odd_address_breaks_anything(quiet, ana, post, say, odd):
    say()
    place, odd = post.get_absolute_url(), quote(odd)
    public = [
        "/{}/",
        "/page/{}/",
        "/2014/{}/",
        "/tag/{}/",
        "/category/{}/",
        "/author/{}/",
        "/{}/feed/",
        "/welcome/{}/",
        "/comments/held/{}/",
        "/comments/reported/{}/",
        "/media/{}",
        f"{place}comments/{{}}/",
        f"{place}comments/{{}}/report/",
        f"{place}?reply={{}}",
        f"{place}?posted={{}}",
        f"{place}comments/1/?after={{}}",
    ]
    for path in public:
        assert quiet.get(path.format(odd)).status_code in (200, 301, 302, 400, 404), path
    quiet.force_login(ana)
    for path in (
        f"{DESK}?status={{}}",
        f"{DESK}?q={{}}",
        f"{DESK}?p={{}}",
        f"{DESK}?o={{}}",
        f"{DESK}?post__author__password={{}}",
        f"{DESK}{{}}/change/",
        f"{DESK}{{}}/thread/",
    ):
        assert quiet.get(path.format(odd)).status_code in (200, 302, 400, 404), path


@pytest.mark.parametrize("suffix", ["x.css", "x.css/", ";x", "%2fx", "//", ".json"])
def test_a_post_does_not_answer_to_other_names(client, post, suffix):
    assert client.get(post.get_absolute_url() + suffix).status_code == 404


def test_only_post_changes_anything(client, ilse, post, say):
    say("Held.", status="pending")
    client.force_login(ilse)
    before = list(Comment.objects.values()), Decision.objects.count(), Post.objects.count()
    pk, decision = Comment.objects.get().pk, Decision.objects.count()
    for path in (
        f"{post.get_absolute_url()}comments/?comment=x&name=x",
        f"{DESK}?action=publish",
        f"{DESK}{pk}/change/?_verb=publish",
        "/admin/sample-content/",
        "/admin/logout/",
        f"/admin/comments/moderation/undo/?decision={decision}",
    ):
        client.get(path), client.head(path)
    assert before == (
        list(Comment.objects.values()),
        Decision.objects.count(),
        Post.objects.count(),
    )


def test_another_site_cannot_decide_with_a_moderators_cookie(ana, say):
    comment = say(status="pending")
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    sent = {"action": "publish", "_selected_action": comment.pk, "c": token(comment)}
    response = client.post(DESK, sent, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403
    assert Comment.objects.get().status == "pending"


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (None, DESK, 302),
        (None, "/admin/sample-content/", 302),
        ("piet", "/admin/sample-content/", 403),
        ("piet", "/admin/blog/blog/", 403),
        ("piet", "/admin/blog/user/", 403),
        ("ana", "/admin/sample-content/", 403),
        ("ana", "/admin/blog/post/add/", 403),
        ("ana", "/admin/auth/group/", 403),
        ("ana", DESK, 200),
        ("piet", DESK, 200),
        ("ilse", "/admin/sample-content/", 200),
    ],
)
def test_who_may_open_what(client, ana, piet, ilse, who, path, status):
    if who:
        client.force_login({"ana": ana, "piet": piet, "ilse": ilse}[who])
    assert client.get(path).status_code == status
    assert client.post(path).status_code in (status, 302, 403)


def test_an_author_cannot_touch_what_stands_under_the_posts_of_others(client, piet, say):
    comment = say(status="pending")
    decision = Comment.objects.filter(pk=comment.pk).mark_spam(by=None)
    client.force_login(piet)
    sent = {"_verb": "publish", "body": "x", "name": "x", "decision": decision.pk}
    for path, status in (
        (f"{DESK}{comment.pk}/change/", 302),
        (f"{DESK}{comment.pk}/thread/", 404),
        ("/admin/comments/moderation/undo/", 403),
    ):
        assert client.post(path, sent).status_code == status
    comment.refresh_from_db()
    assert (comment.status, comment.body) == ("spam", "A fair point.")


def test_a_name_is_shut_out_for_who_guesses_at_it_and_for_nobody_else(client, ilse, ana):
    for _ in range(10):
        client.post("/admin/login/", {"username": ilse.email, "password": "guess"})
    right = {"username": ilse.email, "password": PASSWORD}
    refused = client.post("/admin/login/", right)
    assert refused.status_code == 429
    assert "Too many tries" in refused.text
    other = {"username": ana.email, "password": PASSWORD}
    assert client.post("/admin/login/", other).status_code == 302
    assert Client(REMOTE_ADDR="192.0.2.9").post("/admin/login/", right).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.5", "127.0.0.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "6.6.6.6, 203.0.113.5", "203.0.113.5"),
        (2, "6.6.6.6, 203.0.113.5, 10.0.0.1", "203.0.113.5"),
        (2, "203.0.113.5", UNKNOWN),
        (1, "", "127.0.0.1"),
        (1, "nonsense", UNKNOWN),
        (1, "6.6.6.6, unknown", UNKNOWN),
        (1, "203.0.113.5, ", UNKNOWN),
        (1, "6.6.6.6, 203.0.113.5:5555", "203.0.113.5"),
        (1, "203.0.113.5:555555", UNKNOWN),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (1, '"[2001:db8::1]"', "2001:db8::1"),
        (1, "[::ffff:203.0.113.5]:443", "203.0.113.5"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "[2001:db8::1", UNKNOWN),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_only_trusted_proxies_are_believed(rf, settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    assert client_address(rf.get("/", headers={"X-Forwarded-For": header})) == address


def test_another_host_is_refused_and_never_repeated(client, post):
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert client.get("/", headers=evil).status_code == 400
    page = client.get(post.get_absolute_url(), headers={"X-Forwarded-Host": "evil.example"}).text
    assert "evil.example" not in page


@pytest.mark.parametrize("at", ["login", "logout"])
def test_nobody_is_led_to_another_site(client, ilse, at):
    client.force_login(ilse)
    for target in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "https:evil.example",
    ):
        sent = {"username": ilse.email, "password": PASSWORD, "next": target}
        assert "evil" not in client.post(f"/admin/{at}/?next={target}", sent).headers.get(
            "Location", ""
        )


def test_huge_forms_are_refused_quickly(client, post, sent):
    at = f"{post.get_absolute_url()}comments/"
    assert client.post(at, sent | {"comment": "a" * 10_000_000}).status_code in (400, 413)
    assert client.post(at, {f"field{n}": "x" for n in range(10_000)}).status_code == 400


def test_one_event_is_one_line_of_the_log():
    record = logging.makeLogRecord(
        {"msg": "Not Found: /a\r\nroot logged in\x1b[31m", "levelno": logging.WARNING}
    )
    line = OneLine().format(record)
    assert "\n" not in line
    assert "\x1b" not in line


HEADERS = {
    "Content-Security-Policy": r"default-src 'none'; (?!.*unsafe).*frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin|same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=",
}


def assert_headers(response) -> None:
    for name, pattern in HEADERS.items():
        assert re.match(pattern, response.headers.get(name, "")), (response.status_code, name)
    if response.content:
        kind = response["Content-Type"]
        assert "charset=utf-8" in kind or not kind.startswith("text/"), kind


def test_every_answer_carries_the_headers_whatever_its_status(
    quiet, ilse, post, answer, monkeypatch
):
    place, statuses = post.get_absolute_url(), set()

    def ask(response):
        statuses.add(response.status_code)
        assert_headers(response)

    for path in (
        "/",
        place,
        "/feed/",
        "/comments/feed/",
        "/robots.txt",
        "/sitemap.xml",
        "/healthz",
        "/page/1/",
        "/nothing/",
        f"{place}comments/",
        "/admin/",
        "/admin/login/",
    ):
        ask(quiet.get(path))
    ask(quiet.get("/", headers={"Host": "evil.example"}))
    ask(quiet.delete("/"))
    ask(answer()), ask(answer(comment="")), ask(answer(do="preview"))
    quiet.force_login(ilse)
    ask(quiet.get("/admin/")), ask(quiet.get(DESK))
    for error in (PermissionDenied(), OperationalError("locked"), ZeroDivisionError()):

        def fail(*args, error=error):
            raise error

        monkeypatch.setattr(Comment.objects.__class__, "published", fail)
        ask(answer(parent="1"))
    assert statuses == {200, 301, 302, 303, 400, 403, 404, 405, 422, 500, 503}


def test_a_broken_database_costs_nobody_their_words(quiet, answer, monkeypatch, post):
    def fail(*_):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(views.submission, "store", fail)
    response = answer(comment="Kept </textarea><script>words")
    assert response.status_code == 503
    assert "Kept &lt;/textarea&gt;&lt;script&gt;words" in response.text
    assert response["Retry-After"]


def test_what_broke_tells_nothing_of_itself(quiet, answer, monkeypatch, post):
    def fail(*_):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(views.submission, "store", fail)
    response = answer()
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert "Something broke" in response.text


def test_behind_https_the_cookies_are_bound_to_the_host(tmp_path):
    code = """
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,
      s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE,
      s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_DOMAIN, s.DEBUG)
"""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=ROOT,
        env={"DATA": str(tmp_path), "SITE_URL": "https://blog.example", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [
        "__Host-sessionid",
        "__Host-csrftoken",
        "True",
        "True",
        "True",
        "True",
        "Lax",
        "63072000",
        "None",
        "False",
    ]
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not find_spec("pysqlite3"), reason="pysqlite3 has wheels for x86-64 Linux")
def test_the_sqlite_in_use_has_no_wal_race():
    assert sqlite3.sqlite_version_info >= (3, 51, 3)


@pytest.mark.parametrize("nul", ["%00", "a%00b", "\0"])
@pytest.mark.parametrize(
    "name",
    [
        "blog/post/?status__exact",
        "blog/user/?is_staff__exact",
        "comments/rule/?kind__exact",
        "comments/check/?answer__exact",
        "comments/decision/?verb__exact",
        "comments/person/?standing__exact",
        "comments/moderation/?q",
        "comments/moderation/?domain",
        "comments/moderation/waves/?q",
    ],
)
def test_a_nul_in_a_filter_of_the_admin_site_is_refused(client, ilse, name, nul):
    client.force_login(ilse)
    assert client.get(f"/admin/{name}={nul}").status_code == 400


def test_a_nul_in_the_way_back_from_an_undo_reaches_no_database(client, ilse, say):
    say()
    client.force_login(ilse)
    back = "/admin/comments/moderation/?q=%00&domain=%00"
    sent = {"decision": Decision.objects.get().pk, "back": back}
    response = client.post("/admin/comments/moderation/undo/", sent)
    assert response.status_code == 303
    assert client.get(response["Location"]).status_code == 400
