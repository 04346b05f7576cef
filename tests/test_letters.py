"""The mail that tells a moderator what waits: what it says, and what nobody can put into it."""

import re

import html5lib
import pytest

from blog.models import Blog
from comments import letters, notices
from comments.models import Comment, Preference
from tests.post_office import links, page, words


def test_a_mail_says_what_a_moderator_needs(say, hold, ana, settings, to_ana):
    say("Pencil is honest.", name="Joan Okafor")
    say("Earlier.", email="priya@example.org")
    hold(
        "We do the same.\n\nWith our fourteen-year-olds.",
        name="Priya Nair",
        email="priya@example.org",
        answers="1",
        reasons=[{"words": "First comment", "weight": 1.5}, {"words": "Patience", "weight": -0.8}],
    )
    (mail,) = to_ana()
    assert mail["Subject"] == "Held: Priya Nair on Other People’s Pencil"
    said = words(mail)
    assert "Priya Nair (priya@example[.]org)" in said
    assert "> We do the same.\n>\n> With our fourteen-year-olds.\n" in said
    assert "in reply to 1 Joan Okafor: “Pencil is honest.”" in said
    assert "  +1.5  First comment\n  -0.8  Patience\n" in said
    assert "published 1, spam 0" in said
    comment = Comment.objects.pending().get()
    assert f"{settings.SITE_URL}/admin/comments/moderation/?c={comment.pk}\n" in said
    assert f"{settings.SITE_URL}{comment.post.get_absolute_url()}\n" in said
    assert "We do the same." in page(mail)
    assert "First comment" in page(mail)


def test_a_mail_says_by_which_blog_and_machine_it_was_written(hold, to_ana, settings, post):
    settings.DEFAULT_FROM_EMAIL = "Somebody <blog@example.org>"
    Blog.objects.update(title="The “Slow”, Reader")
    hold("One."), hold("Two.")
    first, second = to_ana()
    assert first["Auto-Submitted"] == "auto-generated"
    assert str(first["From"].addresses[0].display_name) == "The “Slow”, Reader"
    assert first["From"].addresses[0].addr_spec == "blog@example.org"
    assert first["Reply-To"] is None
    assert first["References"] == first["In-Reply-To"] == f"<post-{post.pk}@127.0.0.1>"
    assert second["References"] == first["References"]
    assert re.fullmatch(r"<notice-\d+\.[0-9a-f]{16}@127\.0\.0\.1>", first["Message-ID"])
    assert first["Message-ID"] != second["Message-ID"]


EVIL = [
    "Sam\r\nBcc: everybody@example.org",
    "Sam\nX-Evil: yes\n\nA body of my own",
    "Sam\u2028Bcc: x@example.org\u2029",
    "Sam\x00\x0b\x0c\x85Whitlow",
    "=?utf-8?q?Sam=0D=0ABcc=3A_x=40example.org?=",
    "Sam\u202egro.elpmaxe",
    "S" * 1200,
    "é" * 1200,
    "ß “Sam”, <b@example.org> (x) " * 40,
    "",
]


@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
@pytest.mark.parametrize("where", ["name", "email", "title", "blog"])
def test_nothing_gets_into_the_head_of_a_mail(hold, office, post, evil, where, to_ana, monkeypatch):
    comment = hold("Words.")
    original = notices._still_waiting

    def poisoned(notice):  # as no form and no column would take it
        found = original(notice)
        for one in found:
            one.name = evil if where == "name" else one.name
            one.email = evil.replace("\0", "") if where == "email" else one.email
            one.post.title = evil if where == "title" else one.post.title
        return found

    monkeypatch.setattr(notices, "_still_waiting", poisoned)
    if where == "blog":
        current = Blog.current()
        current.title = evil
        monkeypatch.setattr(Blog, "current", lambda: current)
    (mail,) = to_ana()
    assert set(mail.keys()) == {
        *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID"),
        *("Auto-Submitted", "In-Reply-To", "References"),
    }
    assert mail.defects == []
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]", mail["Subject"])
    assert len(mail["Subject"]) <= 125
    assert "Bcc" not in str(mail["From"].addresses[0].addr_spec)
    assert str(mail["To"]) == "ana@example.org"
    head = office.raw[-1].split(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, office.raw[-1].split(b"\r\n"))) <= 998
    assert "Words." in words(mail)
    assert comment.pk


@pytest.mark.parametrize("name", EVIL)
def test_what_an_evil_form_sends_is_one_mail_or_none(answer, post, ana, office, to_ana, name):
    status = answer(name=name).status_code
    assert status in (303, 422)
    assert len(to_ana()) == (1 if status == 303 else 0)


PHISHING = """\
Your password expires! https://evil.example/login http://192.0.2.1/x ftp://evil.example
www.evil.example www.t.co evil.example/path [log in](https://evil.example) a.b@evil.example
mailto:x@evil.example tel:+31612345678 sms:5551 \\\\evil\\share HTTPS://EVIL.EXAMPLE
<a href="https://evil.example">here</a> <img src="https://evil.example/pixel.gif">
<script>alert(1)</script> {{ entry }} {% now %} javascript:alert(1) &lt;a href=x&gt;
--
http://127.0.0.1:8000/comments/decide/forged/"""

# What Gmail, Outlook and Apple Mail make links of by themselves, widely taken.
LINKIFIED = re.compile(
    r"[a-z][a-z0-9+.-]*://\S|\bwww\.\S|\b(?:mailto|tel|sms):\S|\S@\S+\.[a-z]{2}"
    r"|[a-z0-9-]\.(?:example|com|org|co|net)\b|\\\\\w",
    re.IGNORECASE,
)


@pytest.mark.parametrize("is_digest", [False, True])
def test_nothing_of_a_strangers_can_be_clicked(say, hold, ana, settings, to_ana, is_digest, later):
    if is_digest:
        Preference.objects.create(user=ana, notices="daily")
    say(PHISHING, name="evil.example")
    hold(
        PHISHING,
        name="https://evil.example",
        url="https://evil.example/me",
        answers="1",
        reasons=[{"words": "Links to https://evil.example", "weight": 2}],
    )
    to_ana(), later(days=1)
    (mail,) = to_ana()
    ours = [link for link in links(mail) if "forged" not in link]
    assert ours
    assert all(link.startswith(f"{settings.SITE_URL}/") for link in links(mail))
    plain = words(mail)
    for link in sorted(ours, key=len, reverse=True):
        plain = plain.replace(link, "")
    assert not LINKIFIED.search(plain)
    assert not LINKIFIED.search(str(mail["Subject"]))
    tree = html5lib.parse(page(mail), namespaceHTMLElements=False)
    assert {link.get("href") for link in tree.iter("a")} <= set(ours)
    assert not {element.tag for element in tree.iter()} & {
        "img",
        "script",
        "form",
        "iframe",
        "link",
    }
    shown = "".join(tree.find("body").itertext())
    assert not LINKIFIED.search(shown)
    assert "https[:]//evil[.]example/login" in shown
    assert "<img src=" in shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("It is 3.14, e.g. at 10:04 a.m. … and so on.", None),
        ("As @3.1 says: fine", None),
        ("See example.com.", "See example[.]com."),
        ("a@b.org", "a@b[.]org"),
        ("https://пример.рф/x", "https[:]//пример[.]рф/x"),
    ],
)
def test_ordinary_words_stay_as_they_are(typed, shown):
    assert letters.unclickable(typed) == (shown or typed)
