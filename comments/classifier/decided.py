"""What people decided about comments: the only teacher that the classifier has."""

from collections.abc import Iterable

from django.db.models import F

from comments.models import Change, Comment, Decision

LABELS: dict[str, bool] = {Comment.Status.SPAM: True, Comment.Status.PUBLISHED: False}


def labels(comments: Iterable[Comment]) -> dict[int, bool]:
    """For each comment of which a person said so, by its key: whether it is spam.

    The last decision of a person counts that was not undone, if the comment still stands as it
    left it. What only the blog's own rules decided is left out.
    """
    comments = list(comments)
    said = dict(_changes(comments).values_list("comment_id", "after"))  # the last wins
    return {
        comment.pk: LABELS[comment.status]
        for comment in comments
        if comment.status in LABELS and said.get(comment.pk) == comment.status
    }


def _changes(comments: list[Comment]):
    """What people changed about comments, the oldest first, without what was undone since."""
    changes = Change.objects.filter(comment__in=comments, decision__by__isnull=False)
    changes = changes.exclude(decision__verb=Decision.Verb.UNDO).exclude(before=F("after"))
    undone = {"decision__undone_by__isnull": False, "decision__undone_by__undone_by": None}
    return changes.exclude(**undone).order_by("decision_id")
