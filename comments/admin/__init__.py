"""The conversation in the admin site."""

from .comment import CommentAdmin
from .decision import DecisionAdmin

__all__ = ["CommentAdmin", "DecisionAdmin"]
