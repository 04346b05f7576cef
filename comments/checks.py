"""The life of a check by Akismet: the comment is held, the worker asks, the answer decides.

An answer decides only about what no person has decided; where a person decides otherwise, Akismet
is told. Without an answer the comment waits, and nothing but that happens to it; unless the owner
takes the key out: then there is none to come, and it goes where the blog's own rules send it.
"""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from blog.models import Blog
from comments import akismet, moderation, tasks
from comments.models import Check, Comment
from config.proxies import UNKNOWN

if TYPE_CHECKING:
    from comments.screening import Verdict
    from comments.submission import Submission

Answer = Check.Answer
Status = Comment.Status
# What a moderator reads of an answer, and its points.
FINDINGS = {
    Answer.HAM: (gettext_lazy("Akismet found nothing wrong"), 0),
    Answer.SPAM: (gettext_lazy("Akismet calls it spam"), 5),
    Answer.DISCARD: (gettext_lazy("Akismet calls it blatant spam"), 10),
    Answer.UNASKED: (gettext_lazy("Not checked by Akismet: its key was taken out"), 0),
}
IS_SPAM = (Answer.SPAM, Answer.DISCARD)
AT_ONCE = 500  # comments that are let go in one round
CORRECTIONS = {Status.SPAM: "spam", Status.PUBLISHED: "ham"}
BY_A_PERSON = Q(changes__decision__by__isnull=False)


def hold(verdict: "Verdict", blog: Blog, submission: "Submission") -> "Verdict":
    """The verdict, for a blog that asks Akismet: nothing of a guest is published before.

    Akismet wants to know an address; without one it is not asked and a moderator decides.
    """
    from comments.screening import Reason  # it needs us

    if not blog.akismet_key or submission.is_staff:
        return verdict
    words, publishes = _("Not checked by Akismet yet"), verdict.status == Status.PUBLISHED
    if submission.address in (None, UNKNOWN):
        words, publishes = _("Not checked by Akismet: its sender’s address is not known"), None
    return replace(
        verdict,
        status=Status.PENDING if verdict.status == Status.PUBLISHED else verdict.status,
        reasons=(*verdict.reasons, Reason("unchecked", words, 0)),
        publishes=publishes,
    )


def enlist(comment: Comment, *, publishes: bool) -> None:
    """Has the worker ask about a comment. Both are rows of the transaction that stores it."""
    Check.objects.create(comment=comment, publishes=publishes)
    tasks.check.enqueue(comment.pk)


def check(comment: int) -> None:
    """Asks about the comment with this key, once, and does what follows.

    Raises Unanswered where that is to be tried again.
    """
    checks = Check.objects.select_related("comment__post", "comment__user", "comment__parent")
    if not (found := checks.filter(comment=comment).first()):
        return
    if not found.answer:
        _settle(found, _ask(found) if Blog.current().akismet_key else Answer.UNASKED)
    correct([comment])


def correct(comments: list[int]) -> None:
    """Has the worker tell Akismet where people decided otherwise than it; once in each direction.

    One task for each, so that one which fails keeps no other back.
    """
    decided = Comment.objects.filter(BY_A_PERSON, pk__in=comments).distinct()
    for comment in decided.exclude(akismet=None).select_related("akismet"):
        if correction(comment):
            tasks.correct.enqueue(comment.pk)


def send_correction(comment: int) -> None:
    """Tells Akismet what a person decided about the comment with this key, where it stands still.

    Raises Unanswered where that is to be tried again.
    """
    rows = Comment.objects.select_related("akismet", "post", "user")
    found = rows.filter(pk=comment).exclude(akismet=None).first()
    if found and Blog.current().akismet_key and (kind := correction(found)):
        akismet.submit(found, kind)
        Check.objects.filter(comment=comment).update(corrected=kind)


def correction(comment: Comment) -> str:
    """What Akismet is to be told about a comment that a person decided about: spam, ham, nothing.

    It takes what it has not called spam for ham.
    """
    check = comment.akismet
    if check.answer == Answer.UNASKED:
        return ""
    said = "spam" if check.answer in IS_SPAM else "ham"
    kind = CORRECTIONS.get(Status(comment.status), "")
    return kind if comment.address and kind != (check.corrected or said) else ""


def waiting() -> dict | None:
    """How many checks Akismet left unanswered, since when, and the last error; None: none."""
    tried = Check.objects.filter(answer=Answer.NONE).exclude(error="").order_by("asked_at")
    if not tried or not Blog.current().akismet_key:
        return None
    return {"count": tried.count(), "since": tried.first().asked_at, "error": tried.last().error}


def let_go() -> None:
    """Ends what is unanswered in a blog that has no key any more; nothing would come of waiting.

    A task that still has to ask would do the same, but may be in a long pause, or given up.
    """
    if Blog.current().akismet_key:
        return
    open_ones = Check.objects.filter(answer=Answer.NONE).order_by("pk")
    for check in open_ones.select_related("comment")[:AT_ONCE]:
        _settle(check, Answer.UNASKED)


def ask_again() -> int:
    """Has the worker try all that is unanswered now, and as patiently as at first; how many."""
    ours = DBTaskResult.objects.filter(task_path=tasks.check.module_path)
    ours.failed().update(status="READY", run_after=timezone.now(), worker_ids=[])
    under_way = ours.exclude(status="SUCCESSFUL").values_list("args_kwargs", flat=True)
    known = {task["args"][0] for task in under_way}
    waiting = Check.objects.filter(answer=Answer.NONE).values_list("comment", flat=True)
    for comment in set(waiting) - known:
        tasks.check.enqueue(comment)
    return len(waiting)


def _ask(check: Check) -> Answer:
    try:
        return akismet.ask(check.comment, again=check.attempts > 0)
    except akismet.Unanswered as failure:
        was_asked = not isinstance(failure, akismet.LeftAlone)
        this = Check.objects.filter(pk=check.pk)
        this.update(attempts=F("attempts") + int(was_asked), error=str(failure)[:300])
        if was_asked or not check.error:  # else it was announced when it was first put off
            tasks.announce.enqueue(check.comment_id)  # a person may be quicker
        raise


@transaction.atomic
def _settle(check: Check, answer: Answer) -> None:
    """Keeps the answer and does what follows from it, unless another worker has."""
    moderation.lock([check.comment.post_id])
    mine = Check.objects.filter(pk=check.pk, answer=Answer.NONE).update(
        answer=answer, answered_at=timezone.now(), attempts=F("attempts") + 1, error=""
    )
    if not mine:
        return
    free = Comment.objects.filter(pk=check.comment_id).exclude(BY_A_PERSON)
    why = str(FINDINGS[answer][0])
    if answer in IS_SPAM:
        free.filter(status__in=[Status.PENDING, Status.PUBLISHED]).mark_spam(by=None, why=why)
    elif check.publishes:
        free.pending().filter(last_decision=None).publish(by=None, why=why)
    if answer == Answer.DISCARD and Blog.current().blatant_discard:
        free.filter(status=Status.SPAM).update(is_blatant=True)
    _give_reason(check.comment_id, answer)
    tasks.announce.enqueue(check.comment_id)  # where it still waits


def _give_reason(comment: int, answer: Answer) -> None:
    """Puts the answer among the comment's reasons, in the place of “not checked yet”."""
    from comments.screening import Reason  # it needs us

    words, weight = FINDINGS[answer]
    row = Comment.objects.select_for_update(no_key=True).get(pk=comment)
    kept = [reason for reason in row.reasons if reason["code"] not in ("unchecked", "akismet")]
    row.reasons = [*kept, asdict(Reason("akismet", str(words), weight))]
    row.save(update_fields=["reasons"])
