"""What the filters learn from a moderator's decision."""


def learn(comments: list[int]) -> None:
    """Tells the filters what was decided about the comments with these keys."""
