"""The nouns of the conversation: comments, the decisions about them, and what moderators know."""

from .comment import Comment

from .person import Person  # isort: skip
from .check import Check
from .decision import Change, Decision
from .job import Job
from .link import Link
from .notice import Notice, NoticeItem, Preference
from .report import Report
from .revision import Revision
from .rule import Rule

__all__ = [
    "Change",
    "Check",
    "Comment",
    "Decision",
    "Job",
    "Link",
    "Notice",
    "NoticeItem",
    "Person",
    "Preference",
    "Report",
    "Revision",
    "Rule",
]
