"""What the filters learn from a moderator's decision."""

from comments import checks
from comments.classifier import learning as classifier
from comments.models import Comment


def learn(comments: list[int]) -> None:
    """Tells the filters what was decided about the comments with these keys."""
    classifier.learn(Comment.objects.filter(pk__in=comments))
    checks.correct(comments)
