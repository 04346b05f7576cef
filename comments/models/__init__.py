"""The nouns of the conversation: comments, and the decisions taken about them."""

from .classifier import Classifier, Lesson, Tally
from .comment import Comment
from .decision import Change, Decision

__all__ = ["Change", "Classifier", "Comment", "Decision", "Lesson", "Tally"]
