"""Changing the words of a comment: rendered anew, written into the log, its place untouched."""

from django.db import transaction

from blog.models import User
from comments import markup, submission
from comments.models import Change, Comment, Decision

WORDS = ["name", "email", "url", "body", "html"]


@transaction.atomic
def save(comment: Comment, *, by: User) -> Decision:
    """Saves what was changed of a comment's words, and nothing else of it."""
    cited = submission.cited_in(comment.body, comment.post)
    comment.html = markup.render(comment.body, {one.number for one in cited})
    comment.save(update_fields=WORDS)
    submission.cite(comment, cited)
    decision = Decision.objects.create(verb=Decision.Verb.EDIT, by=by)
    Change.objects.create(
        decision=decision, comment=comment, before=comment.status, after=comment.status
    )
    return decision
