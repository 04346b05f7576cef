"""The nouns of the blog: its settings, the people who write, posts, categories and tags."""

from .blog import Blog
from .edition import Edition
from .post import Post
from .taxonomy import Category, Tag
from .user import User

__all__ = ["Blog", "Category", "Edition", "Post", "Tag", "User"]
