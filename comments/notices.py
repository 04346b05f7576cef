"""Telling moderators by mail that comments wait: whom, when, and that each hears of it once.

A notice is a row before it is a mail. Two tasks bring it about, each a row of the transaction that
asks for it: `announce` makes the notices of a comment, `deliver` sends one.
"""

import logging
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from blog.models import Blog, User
from comments import letters, permissions, schedule, tasks
from comments import text as plain
from comments.models import Comment, Notice, NoticeItem, Preference

MOST_AT_ONCE = 20  # notices of one comment each that a person gets within an hour
MORNING = 8  # o'clock, when the digest of a day is sent
CLAIM = timedelta(minutes=10)  # a delivery takes no longer; its worker is dead
UNCLAIMED = {"claimed_at": None, "claimed_by": None}
ADDRESS = re.compile(r"\S+@\S+")
Wish = Preference.Notices

logger = logging.getLogger(__name__)


class Undelivered(Exception):
    """The mail server has not taken a notice; says why in one line that names nobody."""


def announce(pk: int) -> None:
    """Tells each person who may decide about a waiting comment; twice is once."""
    comment = Comment.objects.pending().select_related("post").filter(pk=pk).first()
    if not comment:
        return
    with transaction.atomic():
        for user in _who_decides(comment):
            told = NoticeItem.objects.filter(recipient=user, comment=comment)
            if not told.exists() and (notice := _notice_for(user)):
                notice.items.create(recipient=user, comment=comment)


def deliver(pk: int) -> None:
    """Sends a notice that is not sent yet, leaving out what waits no longer; else raises.

    A worker that is killed between the mail server's word that it has the mail and our writing
    that down sends it once more. So does one whose mail server took the mail and did not say so.
    The Message-ID is the same each time, by which mail programs know the second for the first.

    A claim ends with its delivery, else when CLAIM is over, else when `schedule.recover` finds
    that its worker is dead: that worker sends nothing any more, so the mail is sent once more at
    most, as it would be ten minutes later.
    """
    notice = Notice.objects.select_related("recipient").filter(pk=pk, sent_at=None).first()
    if not notice:
        return
    if not _claim(notice):
        again_at = timezone.now() + CLAIM
        tasks.deliver.using(run_after=again_at).enqueue(pk)
        return
    try:
        _send(notice)
    except Exception as error:
        _put_back(notice, reason := _words(error))
        raise Undelivered(reason) from None  # what it came from may name addresses


def send_again(notice: Notice) -> None:
    """Has a notice that is not sent tried now, whatever pause it is in."""
    failed = task_of(notice)
    if failed and failed.status in ("FAILED", "READY"):
        again = DBTaskResult.objects.filter(pk=failed.pk, status=failed.status)
        again.update(status="READY", run_after=timezone.now())
    elif not failed:
        tasks.deliver.enqueue(notice.pk)


def next_attempt(notice: Notice) -> datetime | None:
    """When a notice is tried next; None when it is sent, or given up."""
    if notice.sent_at:
        return None
    if not notice.attempts:
        return notice.due_at
    task = task_of(notice)
    if task and task.status == "FAILED":
        return schedule.next_attempt(task)
    return task.run_after if task else None


def task_of(notice: Notice) -> DBTaskResult | None:
    """The task that still has to deliver a notice."""
    these = DBTaskResult.objects.filter(
        task_path=tasks.deliver.module_path, args_kwargs__args__0=notice.pk
    )
    return these.exclude(status="SUCCESSFUL").order_by("-enqueued_at").first()


def _who_decides(comment: Comment) -> list[User]:
    """Who can be told, may decide and has not written it; their rows held to the end."""
    all_of_it = permissions.moderators().values("pk")
    able = User.objects.filter(Q(pk__in=all_of_it) | Q(pk=comment.post.author_id))
    able = able.filter(is_active=True).exclude(email="").exclude(pk=comment.user_id)
    return [
        user
        for user in able.order_by("pk").select_for_update(no_key=True)
        if user.has_usable_password() and permissions.can_moderate(user, comment.post)
    ]


def _notice_for(user: User) -> Notice | None:
    """Where one more comment goes; the caller holds the row of the user."""
    wish, now = wish_of(user), timezone.now()
    if wish == Wish.NEVER:
        return None
    if wish == Wish.AT_ONCE and not _had_enough(user, now):
        return _new(user, now, is_digest=False)
    due = next_morning(now) if wish == Wish.DAILY else next_hour(now)
    same = Notice.objects.filter(recipient=user, is_digest=True, due_at=due)
    open_one = same.filter(claimed_at=None, sent_at=None).select_for_update(no_key=True).first()
    return open_one or _new(user, due, is_digest=True)


def wish_of(user: User) -> str:
    wishes = Preference.objects.filter(user=user).values_list("notices", flat=True)
    return wishes.first() or Wish.AT_ONCE


def _had_enough(user: User, now: datetime) -> bool:
    lately = Notice.objects.filter(recipient=user, made_at__gt=now - timedelta(hours=1))
    lately = lately.filter(made_at__lte=now)
    return lately.filter(is_digest=False).count() >= MOST_AT_ONCE


def _new(user: User, due: datetime, *, is_digest: bool) -> Notice:
    notice = Notice.objects.create(recipient=user, due_at=due, is_digest=is_digest)
    tasks.deliver.using(run_after=due).enqueue(notice.pk)
    return notice


def next_hour(now: datetime) -> datetime:
    """The end of the hour, as UTC counts it."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def next_morning(now: datetime) -> datetime:
    """The next eight o'clock where the blog is."""
    there = now.astimezone(ZoneInfo(Blog.current().time_zone))
    morning = there.replace(hour=MORNING, minute=0, second=0, microsecond=0, fold=0)
    return (morning if there < morning else morning + timedelta(days=1)).astimezone(UTC)


def _claim(notice: Notice) -> bool:
    """Whether the caller is the one who sends it."""
    now = timezone.now()
    free = Notice.objects.filter(pk=notice.pk, sent_at=None)
    free = free.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM))
    return bool(free.update(claimed_at=now, claimed_by=schedule.worker_id()))


def _send(notice: Notice) -> None:
    comments = _still_waiting(notice)
    if not comments:
        _finish(notice, _("Nothing was left to tell: no mail was sent."))
        return
    letter = letters.compose(notice, comments, is_braked=_is_braked(notice))
    with _mail_server() as server:
        server.send_messages([letter])
        _finish(notice)  # before the goodbye, which a mail server may not answer
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        logger.info("A notice to %s was written to %s", notice.recipient, settings.EMAIL_FILE_PATH)


def _still_waiting(notice: Notice) -> list[Comment]:
    """Those of its comments that wait, and that the recipient may decide about and hear of."""
    if wish_of(notice.recipient) == Wish.NEVER:
        return []
    theirs = Comment.objects.for_moderator(notice.recipient).pending()
    theirs = theirs.filter(notices=notice).select_related("post", "parent", "person")
    return list(theirs.order_by("created_at", "pk"))


def _is_braked(notice: Notice) -> bool:
    wish = wish_of(notice.recipient)
    return (
        notice.is_digest and wish == Wish.AT_ONCE and _had_enough(notice.recipient, notice.made_at)
    )


@contextmanager
def _mail_server() -> Iterator:
    server = mail.get_connection()
    try:
        server.open()
        yield server
    finally:
        with suppress(Exception):  # it has the mail or has not; the goodbye changes nothing
            server.close()


def _finish(notice: Notice, words: str = "") -> None:
    same = Notice.objects.filter(pk=notice.pk)
    same.update(sent_at=timezone.now(), error=words, **UNCLAIMED)


def _put_back(notice: Notice, reason: str) -> None:
    unsent = Notice.objects.filter(pk=notice.pk, sent_at=None)
    unsent.update(error=reason, attempts=F("attempts") + 1, **UNCLAIMED)


def _words(error: Exception) -> str:
    """Why it failed, in one line without anybody's address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = _reply(*next(iter(error.recipients.values())))
    elif isinstance(error, smtplib.SMTPResponseException):
        said = _reply(error.smtp_code, error.smtp_error)
    else:
        said = f"{type(error).__name__}: {error}"
    return ADDRESS.sub("…", plain.line(said))[:300]


def _reply(code: int, words: bytes | str) -> str:
    """What a mail server said (RFC 5321, section 4.2)."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"
