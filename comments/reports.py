"""Readers' reports: one of each reader for a comment, ten an hour, and what follows when the owner
has said how many take a comment back.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from blog.models import Blog, User
from comments import moderation, networks, pace, tasks
from comments.models import Change, Comment, Decision, NoticeItem, Report
from comments.screening import Reason

SALT = "comments.reports.reader"
MOST, WINDOW = 10, timedelta(hours=1)  # reports of one reader


def reader(address: str | None, user_agent: str) -> str:
    """Who counts as one reader: 64 characters from which the address cannot be read.

    An address of this machine is a proxy's and no address a socket's. Both say nothing about who
    reads, so the browser's name is all that tells readers apart there, and it can be made up.
    """
    who = networks.host(address) if networks.is_telling(address) else f"here {user_agent}"
    return salted_hmac(SALT, who, algorithm="sha256").hexdigest()


@transaction.atomic
def send(comment: Comment, reader: str, *, reason: str, words: str = "") -> Report:
    """Stores a report; where the reader has reported this comment before, that one is the answer.

    Raises pace.TooFast, or Comment.DoesNotExist where the comment is no longer public.
    """
    pace.one_at_a_time(f"reports of {reader}")
    comment = _locked(comment)
    if found := comment.reports.filter(reader=reader).first():
        return found
    _check_pace(reader)
    said = {"reason": reason, "words": words}
    report, _made = comment.reports.get_or_create(reader=reader, defaults=said)
    hold_if_reported(comment)
    return report


@transaction.atomic
def take_back(report: Report) -> bool:
    """Deletes a report, unless something has come of it."""
    moderation.lock([report.comment.post_id])
    standing = Report.objects.filter(pk=report.pk, seen=False)
    return bool(standing.filter(comment__status=Comment.Status.PUBLISHED).delete()[0])


def is_reversible(report: Report) -> bool:
    """Whether nothing has come of it yet: a report that had its effect stays on the record.

    Were it deleted, the same reader could at once have another comment held, and another.
    """
    return not report.seen and report.comment.is_published


@transaction.atomic
def hold_if_reported(comment: Comment) -> Decision | None:
    """Takes a comment back to be looked at, where as many readers as the owner says report it.

    What a moderator has seen does not count again.
    """
    enough = Blog.current().reports_hold
    open_reports = list(comment.reports.filter(seen=False))
    if not enough or len(open_reports) < enough:
        return None
    words = in_words(len(open_reports))
    this = Comment.objects.filter(pk=comment.pk)
    if decision := this.published().hold(by=None, why=words):
        kinds = dict.fromkeys(str(report) for report in open_reports)
        _give_reason(comment, Reason("reports", words, 0, " · ".join(kinds)))
        NoticeItem.objects.filter(comment=comment, notice__sent_at__isnull=False).delete()
        tasks.announce.enqueue(comment.pk)
    return decision


def unsettled() -> int:
    """How many reports no moderator has settled."""
    return Report.objects.filter(seen=False).count()


@transaction.atomic
def settle(comment: Comment, upto: int, *, by: User) -> Decision | None:
    """Settles the reports up to the one with this key, the comment staying as it is.

    None where somebody has done so already.
    """
    moderation.lock([comment.post_id])
    open_ones = list(comment.reports.filter(seen=False, pk__lte=upto))
    if not open_ones:
        return None
    decision = Decision.objects.create(verb=Decision.Verb.SETTLE, by=by, size=1)
    status = Comment.objects.get(pk=comment.pk).status
    Change.objects.create(decision=decision, comment=comment, before=status, after=status)
    these = Report.objects.filter(pk__in=[report.pk for report in open_ones])
    these.update(seen=True, settled_by=decision)
    return decision


def in_words(count: int) -> str:
    words = ngettext("Reported by %(count)d reader", "Reported by %(count)d readers", count)
    return words % {"count": count}


def _locked(comment: Comment) -> Comment:
    """The comment as it is now, and stays until the transaction ends; the post is locked first."""
    moderation.lock([comment.post_id])
    rows = Comment.objects.public().select_for_update(no_key=True, of=("self",))
    return rows.get(pk=comment.pk)


def _check_pace(reader: str) -> None:
    now = timezone.now()
    recent = Report.objects.filter(reader=reader, at__gt=now - WINDOW).order_by("-at")
    if oldest := recent.values_list("at", flat=True)[MOST - 1 : MOST]:
        raise pace.TooFast(pace.seconds_until(oldest[0] + WINDOW, now))


def _give_reason(comment: Comment, reason: Reason) -> None:
    kept = [one for one in comment.reasons if one["code"] != reason.code]
    comment.reasons = [*kept, reason.as_json()]
    comment.save(update_fields=["reasons"])
