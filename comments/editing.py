"""Changing the words of a comment: rendered anew, written into the log, its place untouched.

Every edit keeps the words that it replaced, so that it can be read later, and taken back.
"""

from typing import Any

from django.db import transaction

from blog import editions
from blog.models import User
from comments import facts, markup, submission
from comments.models import Change, Comment, Decision, Revision

WORDS = ["name", "email", "url", "body"]
KEPT = [*WORDS, "edited_at"]


@transaction.atomic
def save(comment: Comment, *, by: User, why: str = "") -> Decision:
    """Saves what was changed of a comment's words, and nothing else of it."""
    decision = Decision(verb=Decision.Verb.EDIT, by=by, why=why)
    return _write(comment, {field: getattr(comment, field) for field in WORDS}, decision)


def is_edit(decision: Decision) -> bool:
    """Whether a decision changed words, not where comments stand."""
    return Revision.objects.filter(change__decision=decision).exists()


def after(revision: Revision) -> Revision | Comment | None:
    """What has the words that replaced those of `revision`; None for a comment that is deleted."""
    comment = revision.change.comment
    later = Revision.objects.filter(change__comment=comment, pk__gt=revision.pk).order_by("pk")
    return comment and (later.first() or comment)


def undo(decision: Decision, undoing: Decision) -> Decision | None:
    """Gives a comment the words back that it had before `decision`; None if edited since."""
    revision = Revision.objects.select_related("change__comment").get(change__decision=decision)
    comment = revision.change.comment
    later = Revision.objects.filter(change__comment=comment, change__decision__gt=decision.pk)
    if not comment or later.exists():
        return None
    return _write(comment, {field: getattr(revision, field) for field in KEPT}, undoing)


def _write(comment: Comment, words: dict[str, Any], decision: Decision) -> Decision:
    """Gives a comment these words and keeps those that it has in the database."""
    before = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    decision.size = 1
    decision.save()
    change = Change.objects.create(
        decision=decision, comment=comment, before=before.status, after=before.status
    )
    Revision.objects.create(change=change, **{field: getattr(before, field) for field in KEPT})
    comment.edited_at = before.edited_at if words["body"] == before.body else decision.at
    for field, value in words.items():
        setattr(comment, field, value)
    cited = submission.cited_in(comment.body, comment.post)
    comment.html = markup.render(comment.body, {one.number for one in cited})
    comment.last_decision = decision
    comment.save(update_fields=[*KEPT, "html", "last_decision"])
    submission.cite(comment, cited)
    facts.complete([comment])
    if comment.path:
        editions.renew_threads([comment.post_id])
    return decision
