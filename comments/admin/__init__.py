"""The conversation in the admin site."""

from .check import CheckAdmin
from .comment import CommentAdmin
from .decision import DecisionAdmin

__all__ = ["CheckAdmin", "CommentAdmin", "DecisionAdmin"]
