"""What a view says of a page that may be kept: what it depends on, how long it can be true."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils import timezone

from blog import editions
from blog.models import Post
from blog.pages import keys
from blog.requests import BlogRequest

MARK = "colloquy.terms"  # where they stand in the WSGI environment
MICROSECONDS = 1_000_000
BLOG, THREADS, THREAD = range(3)  # places in Editions


@dataclass(frozen=True)
class Terms:
    """When a page is true.

    `made_of` are the editions before it was rendered, `watched` the places of those that it
    depends on, `post` the key of the post whose thread it shows. `until` is when it stops being
    true by itself, `changed` when it last changed; both in seconds since 1970.
    """

    made_of: editions.Editions
    watched: tuple[int, ...]
    post: int | None
    until: float
    changed: float

    def hold(self, now: editions.Editions) -> bool:
        """Whether the editions are those it was made of."""
        made_of = self.made_of
        return all(made_of[place] == now[place] for place in self.watched)


def keep(request: BlogRequest, *, thread: Post | None = None, counts: bool = False) -> None:
    """Lets the answer to this request be kept, for every visitor.

    The view must show the same to all who are not logged in, and read nothing of the query string
    but what `keys` keeps of it.

    Args:
        thread: the post whose conversation, or form, the page shows; read in this very request.
        counts: whether the page shows comments, or their numbers, of many posts.
    """
    if (said := keys.query(request.META["QUERY_STRING"])) is None:
        return
    request.GET = QueryDict(said)
    frame, read = request.frame, request.editions
    made_of = read._replace(thread=thread.thread_edition if thread else None)
    watched = [BLOG] + [THREADS] * counts + [THREAD] * bool(thread)
    ends = [frame.until, thread.comments_close_at(frame.blog) if thread else None]
    coming, past = _sorted(ends)
    changes = [moment.timestamp() for moment in [*past, frame.newest] if moment]
    changes += [(made_of[place] or 0) / MICROSECONDS for place in watched]
    request.META[MARK] = Terms(
        made_of,
        tuple(watched),
        thread.pk if thread else None,
        min((moment.timestamp() for moment in coming), default=float("inf")),
        max(changes),
    )


def _sorted(moments: Iterable[datetime | None]) -> tuple[list[datetime], list[datetime]]:
    """Those to come, and those that are past."""
    now, known = timezone.now(), [moment for moment in moments if moment]
    return [one for one in known if one > now], [one for one in known if one <= now]
