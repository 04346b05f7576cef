"""The conversation in the admin site."""

from .comment import CommentAdmin
from .decision import DecisionAdmin
from .notice import NoticeAdmin
from .preference import PreferenceAdmin

__all__ = ["CommentAdmin", "DecisionAdmin", "NoticeAdmin", "PreferenceAdmin"]
