"""The request that views get."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from blog.models import Blog, User


class BlogRequest(HttpRequest):
    """A request that has passed `CurrentBlog`: for type checkers; at run time it is Django's."""

    blog: "Blog"


class StaffRequest(BlogRequest):
    """A request of somebody whom the admin site has let in."""

    user: "User"
    waiting: int  # how many comments wait for them, once it was counted
