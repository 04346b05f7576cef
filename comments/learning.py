"""What the filters learn from a moderator's decision."""

from comments import checks


def learn(comments: list[int]) -> None:
    """Tells the filters what was decided about the comments with these keys."""
    checks.correct(comments)
