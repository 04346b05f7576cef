"""Giving numbers: to each comment when it is first published, once, without a gap.

Whoever numbers holds the lock of the post's row (`moderation` and `submission` take it), so that
two processes never give the same number.
"""

from collections.abc import Iterable

from django.db import connection

from blog.models import Post
from comments import numbers
from comments.models import Comment

WINDOW_ANSWERS = 250  # shown in a window of 50; those that come later stand on their branch's page
SAVE = "UPDATE comments_comment SET path = %s, in_window = %s, last_number = %s WHERE id = %s"


def give(comments: Iterable[Comment], posts: dict[int, Post], levels: int) -> None:
    """Numbers the comments that have no number, in the order in which they were written.

    The comments are saved, the posts' counters are left for the caller to save.

    Args:
        comments: to be published; a waiting comment that one of them answers is numbered as well.
        posts: their posts by primary key, each locked by the caller.
        levels: how deep answers may nest.
    """
    comments = list(comments)
    register = Register(comments, posts, levels)
    for comment in sorted(comments, key=lambda comment: (comment.created_at, comment.pk)):
        register.number(comment)
    register.save()


class Register:
    """The comments and posts that a numbering reads and changes, each held once."""

    def __init__(self, comments: list[Comment], posts: dict[int, Post], levels: int) -> None:
        self.posts = posts
        self.levels = levels
        self.by_pk = {comment.pk: comment for comment in comments}
        self.by_path: dict[tuple[int, str], Comment] = {}
        self.answers: dict[tuple[int, int], int] = {}
        self.changed: set[Comment] = set()

    def number(self, comment: Comment) -> None:
        """Gives `comment` its number, after those above it; leaves one alone that has one."""
        waiting = [comment]
        while waiting[-1].parent_id and not waiting[-1].path:
            waiting.append(self._comment(waiting[-1].parent_id))
        for one in reversed(waiting):
            if not one.path:
                self._place(one)

    def save(self) -> None:
        """Writes all that has changed; one statement a row is what both databases do fastest."""
        places = [(c.path, c.in_window, c.last_number, c.pk) for c in self.changed]
        with connection.cursor() as cursor:
            cursor.executemany(SAVE, places)

    def _place(self, comment: Comment) -> None:
        host = self._host(comment)
        if isinstance(host, Comment):
            self.changed.add(host)
        host.last_number += 1
        comment.path = numbers.below(getattr(host, "path", ""), host.last_number)
        comment.in_window = isinstance(host, Post) or (host.in_window and self._has_room(comment))
        self.by_path[comment.post_id, comment.path] = comment
        self.changed.add(comment)

    def _host(self, comment: Comment) -> Comment | Post:
        """Under what it stands: what it answers, or, where that is too deep, what that is under."""
        if not comment.parent_id:
            return self.posts[comment.post_id]
        parent = self._comment(comment.parent_id)
        if numbers.depth(parent.path) < self.levels:
            return parent
        return self._at(comment.post_id, parent.path[: (self.levels - 1) * numbers.DIGITS])

    def _has_room(self, comment: Comment) -> bool:
        """Whether the window of an answer still shows another one; counts it where it does."""
        key = comment.post_id, numbers.window(comment.path)
        if key not in self.answers:
            start, end = numbers.window_paths(key[1])
            shown = Comment.objects.filter(
                post=comment.post_id, path__gte=start, path__lt=end, in_window=True
            )
            self.answers[key] = sum(
                numbers.depth(path) > 1 for path in shown.values_list("path", flat=True)
            )
        self.answers[key] += 1
        return self.answers[key] <= WINDOW_ANSWERS

    def _comment(self, pk: int) -> Comment:
        if pk not in self.by_pk:
            self.by_pk[pk] = Comment.objects.get(pk=pk)
        return self.by_pk[pk]

    def _at(self, post: int, path: str) -> Comment | Post:
        if not path:
            return self.posts[post]
        if (post, path) not in self.by_path:
            found = Comment.objects.get(post=post, path=path)
            self.by_path[post, path] = self.by_pk.setdefault(found.pk, found)
        return self.by_path[post, path]
