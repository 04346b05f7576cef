"""The nouns of the conversation: comments, and the decisions taken about them."""

from .comment import Comment
from .decision import Change, Decision

__all__ = ["Change", "Comment", "Decision"]
