"""The nouns of the conversation: comments, the decisions about them, and what moderators know."""

from .check import Check
from .classifier import Classifier, Lesson, Tally
from .comment import Comment
from .decision import Change, Decision
from .job import Job
from .link import Link
from .notice import Notice, NoticeItem, Preference
from .person import Person
from .report import Report
from .revision import PersonRevision, Revision
from .rule import Rule

__all__ = [
    "Change",
    "Check",
    "Classifier",
    "Comment",
    "Decision",
    "Job",
    "Lesson",
    "Link",
    "Notice",
    "NoticeItem",
    "Person",
    "PersonRevision",
    "Preference",
    "Report",
    "Revision",
    "Rule",
    "Tally",
]
