"""How long spam is kept: as many days as the blog says, and what a person called spam for as long
as that can be taken back. Notices that were sent are kept for a month.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from blog import editions
from blog.models import Blog
from comments import moderation
from comments.models import Change, Comment, Decision, Notice, Revision

BATCH = 500
Status = Comment.Status
NOTICES = timedelta(days=30)
# Of spam that others have answered only the place is left, so that their answers keep theirs.
EMPTY = {
    "name": "",
    "email": "",
    "url": "",
    "body": "",
    "html": "",
    "address": None,
    "user_agent": "",
    "referrer": None,
    "fingerprint": None,
    "person": None,
    "host": "",
    "network": "",
    "sketch": None,
    "wave": 0,
    "reasons": [],
}


def delete_spam() -> int:
    """Deletes the spam that is old enough; how many comments that were."""
    days = Blog.current().delete_spam_after
    deleted = 0
    while days and (count := _delete_some(timedelta(days=days))):
        deleted += count
    return deleted


def forget_notices() -> None:
    """Deletes notices that were sent a month ago; their Message-IDs need no row."""
    Notice.objects.filter(sent_at__lt=timezone.now() - NOTICES).delete()


def old_spam(age: timedelta) -> QuerySet[Comment]:
    """Spam that was called so longer ago than `age`."""
    now = timezone.now()
    by_filter = Q(last_decision=None, created_at__lt=now - age)
    by_rule = Q(last_decision__by=None, last_decision__at__lt=now - age)
    kept = max(age, moderation.UNDO_FOR)
    by_person = Q(last_decision__by__isnull=False, last_decision__at__lt=now - kept)
    return Comment.objects.filter(by_filter | by_rule | by_person, status=Status.SPAM)


@transaction.atomic
def _delete_some(age: timedelta) -> int:
    due = old_spam(age).exclude(name="").order_by("pk")
    posts = dict(due.values_list("pk", "post")[:BATCH])
    moderation.lock(posts.values())  # whoever decides about one of them waits, or was quicker
    answers = Comment.objects.filter(parent=OuterRef("pk"))
    old = due.filter(pk__in=posts).annotate(is_answered=Exists(answers))
    keys = dict(old.values_list("pk", "is_answered"))
    answered = [pk for pk, is_answered in keys.items() if is_answered]
    for comment in Comment.objects.filter(pk__in=answered):
        comment.links.all().delete()
        comment.reports.all().delete()
    Revision.objects.filter(change__comment__in=keys).delete()
    emptied = Comment.objects.filter(pk__in=answered)
    editions.renew_threads(emptied.exclude(path=None).values_list("post", flat=True))
    line = _write_down(answered)
    emptied.update(status=Status.REMOVED, is_blatant=None, last_decision=line, **EMPTY)
    Comment.objects.filter(pk__in=keys).exclude(pk__in=answered).delete()
    return len(posts)


def _write_down(answered: list[int]) -> Decision | None:
    """One line of the log, by nobody, that the words of these are gone; None for none of them."""
    if not answered:
        return None
    why = _("Old spam is deleted. Others have answered this, so only its place is kept.")
    line = Decision(verb=Decision.Verb.EMPTY, why=why)
    line.count(len(answered))
    Change.objects.bulk_create(
        Change(decision=line, comment_id=pk, before=Status.SPAM, after=Status.REMOVED)
        for pk in answered
    )
    return line
