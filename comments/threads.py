"""The conversation as it is read: the published comments of a post as a numbered tree, a window of
it at a time, never stored. The cost depends on the window, not on the thread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache

from django.db.models import BigIntegerField, Value
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from blog.models import Post
from comments import markup, numbers, permalinks
from comments.models import Comment

PAGE = 250  # comments on one page of a branch
MOST_CITATIONS = 1_000  # looked up for one page
PRINTED = (
    "post parent user status name url html created_at edited_at path in_window branch_count".split()
)


@dataclass(slots=True)
class Link:
    """A number, whose it is, and where it stands; no name where the comment was removed."""

    number: str
    href: str
    name: str = ""
    beside: bool = False  # it stands beside its answer, because that would be too deep below it


@dataclass(slots=True)
class Entry:
    """One comment, or the stub of one, in its place on a page."""

    comment: Comment
    number: str
    level: int
    html: str = ""
    when: str = ""
    datetime: str = ""
    to: Link | None = None
    answered_by: list[Link] = field(default_factory=list)
    starts: str = ""  # the list that begins before it: "nest", or "replies" under a top-level one
    ends: list[str] = field(default_factory=list)  # the lists that end behind it
    has_answers: bool = False  # some are shown below it
    branch: str = ""  # the address of a top-level comment's own page
    shown: int = 0  # published answers shown below a top-level comment
    top: "Entry | None" = None

    @property
    def is_stub(self) -> bool:
        return not self.comment.is_published

    @property
    def more(self) -> int:
        """How many answers to a top-level comment stand on the page of its branch only."""
        return max(0, self.comment.branch_count - self.shown)


def window(post: Post, first: int) -> list[Entry]:
    """The top-level comments `first` to `first` + 49 with their answers, at most 300 in all."""
    start, end = numbers.window_paths(first)
    rows = post.comments.only(*PRINTED).filter(in_window=True, path__gte=start, path__lt=end)
    return page(post, rows.order_by("path"))


def branch(post: Post, path: str, after: str = "") -> tuple[list[Entry], str]:
    """A comment and all that stand below it, and the number to go on after where there are more.

    Args:
        path: of the comment.
        after: the path behind which the page begins; empty for the first page.
    """
    below = post.comments.only(*PRINTED).under(path).filter(path__gt=after)
    rows = list(below.order_by("path")[: PAGE + 1])
    more = numbers.number_of(rows[PAGE - 1].path) if len(rows) > PAGE else ""
    return page(post, rows[:PAGE]), more


def windows(post: Post, current: int) -> list[tuple[int, int, str]]:
    """First number, last number and address of the windows to link to; empty for a short thread.

    The first, the last and those around the current one: a thread may have thousands.
    """
    if post.last_number <= numbers.WINDOW:
        return []
    last = (post.last_number - 1) // numbers.WINDOW * numbers.WINDOW + 1
    near = range(current - 3 * numbers.WINDOW, current + 4 * numbers.WINDOW, numbers.WINDOW)
    firsts = sorted({1, last} | {first for first in near if 1 <= first <= last})
    end = numbers.WINDOW - 1
    return [
        (first, min(first + end, post.last_number), permalinks.of_window(post, first))
        for first in firsts
    ]


def page(post: Post, rows: Iterable[Comment]) -> list[Entry]:
    """Rows in reading order as a tree of entries, without what readers are not to see."""
    rows = _visible(list(rows))
    entries = _nested(rows)
    _date(entries, post)
    _answer(entries, post)
    _link(entries, post)
    return entries


def _visible(rows: list[Comment]) -> list[Comment]:
    """The published ones, and those that published ones stand below."""
    held_up: set[str] = set()
    for row in rows:
        path = row.path if row.is_published or row.branch_count else ""
        while path and path not in held_up:
            held_up.add(path)
            path = numbers.above(path)
    return [row for row in rows if row.path in held_up]


def _nested(rows: Sequence[Comment]) -> list[Entry]:
    entries: list[Entry] = []
    trail: list[Entry] = []
    for row in rows:
        while trail and not row.path.startswith(trail[-1].comment.path):
            trail.pop()
        entry = Entry(row, row.number, len(trail))
        if entries:
            _join(entries[-1], entry)
        entry.top = trail[0] if trail else entry
        entry.top.shown += bool(trail) and row.is_published
        trail.append(entry)
        entries.append(entry)
    if entries:
        entries[-1].ends = _ends(entries[-1].level, 0)
    return entries


def _join(before: Entry, after: Entry) -> None:
    if after.level > before.level:
        before.has_answers = True
        after.starts = "nest" if before.level else "replies"
    else:
        before.ends = _ends(before.level, after.level)


def _ends(inner: int, outer: int) -> list[str]:
    return ["nest" if level > 1 else "replies" for level in range(inner, outer, -1)]


def _date(entries: list[Entry], post: Post) -> None:
    language, both = get_language(), _("%(day)s, %(time)s")
    here = post.get_absolute_url()
    for entry in entries:
        written = timezone.localtime(entry.comment.created_at)
        day, minute = _day(written.date(), language), _time(written.hour, written.minute, language)
        entry.when = both % {"day": day, "time": minute}  # formatting it whole takes 50 µs
        entry.datetime = written.isoformat(timespec="minutes")
        if not entry.level:
            entry.branch = permalinks.below(here, entry.number)


@lru_cache(maxsize=4_096)
def _day(day: date, language: str) -> str:
    return date_format(day, "DATE_FORMAT")


@lru_cache(maxsize=1_440)
def _time(hour: int, minute: int, language: str) -> str:
    return time_format(time(hour, minute), "TIME_FORMAT")


def _answer(entries: list[Entry], post: Post) -> None:
    """Says of each answer whom it answers."""
    here = {entry.comment.pk: entry.comment for entry in entries}
    parents = {entry.comment.parent_id for entry in entries} - {None}
    elsewhere = Comment.objects.in_bulk(parents - here.keys()) if parents - here.keys() else {}
    known = here | elsewhere
    for entry in entries:
        if parent := known.get(entry.comment.parent_id):
            name = parent.name if parent.is_published else ""
            href = _href(post, parent.path, parent.in_window, parent.pk in here)
            beside = numbers.above(entry.comment.path) != parent.path
            entry.to = Link(parent.number, href, name, beside)


def _link(entries: list[Entry], post: Post) -> None:
    """Leads citations to where the cited comment stands, and lists who cites each."""
    here = {entry.number: entry for entry in entries}
    texts = {entry.number: entry.comment.html for entry in entries if not entry.is_stub}
    far = set().union(*map(markup.citations, texts.values())) - here.keys()
    by_pk = {entry.comment.pk: entry for entry in entries}
    hrefs: dict[str, str] = {}
    for cited, path, in_window in _linked(by_pk, [numbers.path_of(one) for one in far], post):
        number = numbers.number_of(path)
        href = _href(post, path, in_window, number in here)
        if cited:
            by_pk[cited].answered_by.append(Link(number, href))
        else:
            hrefs[number] = href
    for number, html in texts.items():
        here[number].html = markup.lead(html, hrefs)


def _linked(
    pks: Iterable[int], far: list[str], post: Post
) -> Iterable[tuple[int | None, str, bool]]:
    """What a page leads to, in one query: key of a comment on it, path and place of a published one
    that cites it; and path and place, without a key, of those that it cites elsewhere."""
    citing = Comment.cites.through.objects.filter(
        to_comment__in=list(pks), from_comment__status=Comment.Status.PUBLISHED
    ).values_list("to_comment_id", "from_comment__path", "from_comment__in_window")
    if not far:
        return citing.order_by("from_comment__path")[:MOST_CITATIONS]
    nobody = Value(None, BigIntegerField())
    cited = post.comments.filter(path__in=far).values_list(nobody, "path", "in_window")
    return sorted(citing.union(cited, all=True)[:MOST_CITATIONS], key=lambda row: row[1])


def _href(post: Post, path: str, in_window: bool, is_here: bool) -> str:
    if is_here:
        return f"#c{numbers.number_of(path)}"
    return permalinks.of(post, path, in_window=in_window)
