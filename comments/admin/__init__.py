"""The conversation in the admin site."""

from .check import CheckAdmin
from .comment import CommentAdmin
from .decision import DecisionAdmin
from .notice import NoticeAdmin
from .person import PersonAdmin
from .preference import PreferenceAdmin
from .rule import RuleAdmin

__all__ = [
    "CheckAdmin",
    "CommentAdmin",
    "DecisionAdmin",
    "NoticeAdmin",
    "PersonAdmin",
    "PreferenceAdmin",
    "RuleAdmin",
]
