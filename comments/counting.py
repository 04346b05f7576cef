"""The counts that readers see, compared with what is there.

They are stored with the posts and the top-level comments, and change in the transactions that
change a thread; this finds where they differ all the same (a row that was changed by hand, say).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Length, Substr

from blog import editions
from blog.models import Post
from comments import moderation, numbers
from comments.models import Comment

BATCH = 200  # posts


@dataclass(frozen=True)
class Drift:
    """A count that is wrong: of the post, or of answers to its top-level comment `number`."""

    post: int
    number: str
    stored: int
    counted: int


def check(*, repair: bool, step: Callable[[int], None] = lambda posts: None) -> Iterator[Drift]:
    """All drift of the blog; with `repair` each count is put right as it is found.

    `step` is told how many posts were looked at.
    """
    keys = Post.objects.order_by("pk").values_list("pk", flat=True).iterator()
    while some := list(islice(keys, BATCH)):
        drifts = list(_drifts(some))
        if drifts and repair:
            drifts = _repaired({drift.post for drift in drifts})
        yield from drifts
        step(len(some))


@transaction.atomic
def _repaired(posts: Iterable[int]) -> list[Drift]:
    """Counts again, while nobody else can change the threads, and stores what was counted."""
    moderation.lock(posts)
    drifts = list(_drifts(posts))
    for drift in drifts:
        if drift.number:
            rows = Comment.objects.filter(post=drift.post).numbered(drift.number)
            rows.update(branch_count=drift.counted)
        else:
            Post.objects.filter(pk=drift.post).update(comment_count=drift.counted)
    editions.renew_threads(drift.post for drift in drifts)
    return drifts


def _drifts(posts: Iterable[int]) -> Iterator[Drift]:
    published = Comment.objects.published().filter(post__in=posts).order_by()
    counted = dict(
        published.values("post").annotate(count=Count("pk")).values_list("post", "count")
    )
    for post, stored in Post.objects.filter(pk__in=posts).values_list("pk", "comment_count"):
        if stored != counted.get(post, 0):
            yield Drift(post, "", stored, counted.get(post, 0))
    yield from _drifts_of_branches(posts)


def _drifts_of_branches(posts: Iterable[int]) -> Iterator[Drift]:
    numbered = Comment.objects.filter(post__in=posts, path__isnull=False).order_by()
    numbered = numbered.annotate(length=Length("path"), root=Substr("path", 1, numbers.DIGITS))
    answers = numbered.published().filter(length__gt=numbers.DIGITS)
    found = answers.values("post", "root").annotate(count=Count("pk"))
    counted: dict[tuple[int, str], int] = defaultdict(int)
    counted |= {(row["post"], row["root"]): row["count"] for row in found}
    tops = numbered.filter(length=numbers.DIGITS).values_list("post", "path", "branch_count")
    for post, path, stored in tops.iterator():
        if stored != counted[post, path]:
            yield Drift(post, numbers.number_of(path), stored, counted[post, path])
