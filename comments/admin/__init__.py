"""The conversation in the admin site."""

from .check import CheckAdmin
from .comment import CommentAdmin
from .decision import DecisionAdmin
from .person import PersonAdmin
from .rule import RuleAdmin

__all__ = ["CheckAdmin", "CommentAdmin", "DecisionAdmin", "PersonAdmin", "RuleAdmin"]
