"""The request that views get."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from blog.editions import Editions
    from blog.frame import Frame
    from blog.models import Blog, User


class BlogRequest(HttpRequest):
    """A request that has passed `CurrentBlog`: for type checkers; at run time it is Django's."""

    blog: "Blog"  # as everybody sees it: who edits it reads it anew
    frame: "Frame"
    editions: "Editions"  # before anything else was read


class StaffRequest(BlogRequest):
    """A request of somebody whom the admin site has let in."""

    user: "User"
    waiting: int  # how many comments wait for them, once it was counted
