"""The conversation in the admin site."""

from .check import CheckAdmin
from .comment import CommentAdmin
from .decision import DecisionAdmin
from .notice import NoticeAdmin
from .preference import PreferenceAdmin

__all__ = ["CheckAdmin", "CommentAdmin", "DecisionAdmin", "NoticeAdmin", "PreferenceAdmin"]
