"""Akismet, a service that knows spam: what it is asked about a comment, and what it answers.

The protocol is that of akismet.com/developers. Only an answer that is exactly what the protocol
says counts; everything else, from silence to a page of HTML, is Unanswered. `checks` says when
it is asked and what follows.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import akismet  # the library of this name
import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from blog.models import Blog, Category, Tag
from comments import text
from comments.models import Check, Comment

TIMEOUT = 10.0  # seconds that it may take to answer
REST = 30.0  # seconds without a question after one that it left unanswered for so long
MOST = 64 * 1024  # bytes read of an answer; those of the protocol have less than 50
TRAP = "subject"  # the field of our form that people do not see
ANSWERS = {
    akismet.CheckResponse.HAM: Check.Answer.HAM,
    akismet.CheckResponse.SPAM: Check.Answer.SPAM,
    akismet.CheckResponse.DISCARD: Check.Answer.DISCARD,
}

logger = logging.getLogger(__name__)
_rests_until = 0.0  # on the monotonic clock of this process


class Unanswered(Exception):
    """Akismet gave no answer that counts; str() says why, in a sentence for the owner."""


class LeftAlone(Unanswered):
    """Akismet was not asked at all: it was silent a moment ago. That is no attempt."""


class Line(httpx.Client):
    """The line to the service, on which the library speaks.

    The library knows one address and refuses fields that its author did not name, while the
    protocol has fields with names of our choice (the trap) and a list (the context). It takes an
    httpx client, of which it calls `post` alone: so `post` sends the question to
    settings.AKISMET_URL, with the fields in `beside`. It follows no redirect, asks once, and reads
    no more than MOST bytes for no longer than TIMEOUT. The answer is kept as `said`.
    """

    def __init__(self, beside: dict[str, str | list[str]] | None = None) -> None:
        headers = {"User-Agent": akismet.USER_AGENT, "Accept-Encoding": "identity"}
        super().__init__(headers=headers, timeout=TIMEOUT, follow_redirects=False)
        self.beside = beside or {}
        self.said = httpx.Response(200)

    def post(self, url, *, data, **kwargs) -> httpx.Response:
        end = time.monotonic() + TIMEOUT
        address = settings.AKISMET_URL.rstrip("/") + httpx.URL(url).path
        with self.stream("POST", address, data=data | self.beside, **kwargs) as answer:
            ours = {name: value for name, value in answer.headers.items() if "akismet" in name}
            self.said = httpx.Response(
                answer.status_code, headers=ours, content=_read(answer, end), request=answer.request
            )
        if alert := self.said.headers.get("X-akismet-alert-msg"):
            logger.warning("Akismet says: %s", alert[:300])
        return self.said


def ask(comment: Comment, *, again: bool = False) -> Check.Answer:
    """Whether a comment is spam, by Akismet; raises Unanswered. `again`: an earlier try failed."""
    fields = _fields(comment)
    if again:
        fields["recheck_reason"] = "retry"
    with _resting(), _client(_beside(comment)) as client:
        return ANSWERS[client.comment_check(comment.address, **fields)]


def submit(comment: Comment, kind: str) -> None:
    """Tells Akismet that a comment is "spam", or "ham", after all; raises Unanswered."""
    with _resting(), _client(_beside(comment)) as client:
        tell = client.submit_spam if kind == "spam" else client.submit_ham
        tell(comment.address, **_fields(comment))


def verify(key: str) -> bool | None:
    """Whether Akismet knows this key for this blog; None where it does not answer."""
    try:
        with _client({}, key) as client:
            return client.verify_key()
    except Unanswered:
        return None


@contextmanager
def _client(
    beside: dict[str, str | list[str]], key: str | None = None
) -> Iterator[akismet.SyncClient]:
    """The library's client, for one question; its errors become Unanswered."""
    key = Blog.current().akismet_key if key is None else key
    if not key:
        raise Unanswered(_("No Akismet key is set."))
    config = akismet.Config(key=key, url=f"{settings.SITE_URL}/")
    with Line(beside) as line:
        try:
            yield akismet.SyncClient(config=config, http_client=line)
        except akismet.AkismetError as error:
            raise Unanswered(_words(error, line.said)) from error.__cause__


@contextmanager
def _resting() -> Iterator[None]:
    """Keeps a silent service from holding up the worker, who has mail to send, at every comment."""
    global _rests_until
    if time.monotonic() < _rests_until:
        words = _("Akismet was not asked: it was silent a moment ago and is left alone a while.")
        raise LeftAlone(words)
    try:
        yield
    except Unanswered as failure:
        if isinstance(failure.__cause__, httpx.TimeoutException):
            _rests_until = time.monotonic() + REST
        raise


def _read(answer: httpx.Response, end: float) -> bytes:
    """The answer as it came, as far as MOST; raises ReadTimeout at `end`."""
    body = b""
    for part in answer.iter_raw():
        body += part
        if len(body) > MOST:
            break
        if time.monotonic() > end:
            raise httpx.ReadTimeout("The answer takes too long", request=answer.request)
    return body[:MOST]


def _words(error: akismet.AkismetError, said: httpx.Response) -> str:
    """What went wrong, in a sentence for the owner, with what Akismet says about it."""
    cause = error.__cause__
    if isinstance(error, akismet.APIKeyError):
        words = _("Akismet does not know the key.")
    elif isinstance(error, akismet.ProtocolError):
        words = _("Akismet’s answer means nothing: “%(said)s”") % {"said": said.text[:80]}
    elif isinstance(cause, httpx.HTTPStatusError):
        words = _("Akismet answered with status %(status)d.") % {"status": said.status_code}
    elif isinstance(cause, httpx.TimeoutException):
        words = _("Akismet did not answer in time.")
    else:
        words = _("Akismet cannot be reached.")
    helps = (said.headers.get(name, "") for name in ("X-akismet-debug-help", "X-akismet-alert-msg"))
    return text.line(" ".join([words, *helps]))


def _fields(comment: Comment) -> akismet.AkismetArguments:
    """What Akismet is told about a comment, where the library knows the field."""
    return {
        "user_agent": comment.user_agent,
        "referrer": comment.referrer or "",
        "permalink": settings.SITE_URL + comment.post.get_absolute_url(),
        "comment_type": "reply" if comment.parent_id else "comment",
        "comment_author": comment.name,
        "comment_author_email": comment.email,
        "comment_author_url": comment.url,
        "comment_content": comment.body,
        "comment_date_gmt": _gmt(comment.created_at),
        "comment_post_modified_gmt": _gmt(comment.post.updated_at),
        "blog_lang": settings.LANGUAGE_CODE.replace("-", "_").lower(),
        "blog_charset": "UTF-8",
        "user_role": _role(comment),
        "honeypot_field_name": TRAP,
    }


def _beside(comment: Comment) -> dict[str, str | list[str]]:
    """The further fields: what the trap caught, the filing of the post, whether this is a test."""
    post = comment.post
    categories = Category.objects.filter(posts=post).values_list("name", flat=True)
    tags = Tag.objects.filter(posts=post).values_list("name", flat=True)
    caught = (reason["detail"] for reason in comment.reasons if reason["code"] == "trap")
    fields = {TRAP: next(caught, ""), "comment_context[]": [*categories, *tags]}
    return fields | ({"is_test": "1"} if settings.AKISMET_TEST else {})


def _role(comment: Comment) -> str:
    """Who writes. Akismet lets everything of an "administrator" pass."""
    if not comment.user:
        return "guest"
    if comment.user.is_superuser:
        return "administrator"
    group = comment.user.groups.order_by("name").values_list("name", flat=True).first()
    return (group or "member").lower()


def _gmt(moment: datetime) -> str:
    """As ISO 8601, in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
