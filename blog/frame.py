"""What is around every page: the settings, the menu, when the next post appears.

Kept by each process for as long as the blog's edition is the same, so that a page asks for none of
it. A post that was scheduled appears when its hour has come, without any change.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.utils import timezone

from blog.keeping import Kept
from blog.models import Blog, Post

Found = TypeVar("Found")
MOST = 1_000


class Frame:
    """The blog as it is in one edition. Nobody changes it: who edits settings reads their own."""

    def __init__(self) -> None:
        self.blog = Blog.current()
        self._found: dict[str, Any] = {}

    def once(self, name: str, find: Callable[[], Found]) -> Found:
        """What `find` finds, asked once: for what depends on this edition alone.

        Of MOST things, that is; then all are asked anew.
        """
        found = self._found
        if name not in found:
            if len(found) >= MOST:
                found = self._found = {}
            found[name] = find()
        return found[name]

    @cached_property
    def menu(self) -> list[Post]:
        """The pages that every page links to."""
        return list(Post.objects.pages().only("kind", "slug", "title", "published_at"))

    @cached_property
    def _dates(self) -> dict[str, datetime | None]:
        posts, now = Post.objects.filter(status=Post.Status.PUBLISHED), timezone.now()
        dates = posts.order_by("published_at").values_list("published_at", flat=True)
        return {
            "newest": dates.filter(published_at__lte=now).last(),
            "next": dates.filter(published_at__gt=now).first(),
        }

    @property
    def newest(self) -> datetime | None:
        """When the last post appeared."""
        return self._dates["newest"]

    @property
    def until(self) -> datetime | None:
        """When the next post appears; None where none is scheduled."""
        return self._dates["next"]

    @property
    def is_over(self) -> bool:
        """Whether a scheduled post has appeared since."""
        return "_dates" in self.__dict__ and bool(self.until) and self.until <= timezone.now()


KEPT = Kept(Frame, lambda frame: frame.is_over)
