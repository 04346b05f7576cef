"""Bringing over what was said under one post."""

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from blog.models import Post
from comments import markup, moderation, numbers, text
from comments.forms import EMAIL, URL
from comments.models import Comment
from comments.submission import MOST_CITED
from comments.transfer import entries

if TYPE_CHECKING:
    from comments.transfer.importing import Importer

T = TypeVar("T")
Status = Comment.Status
BATCH = 300
LONGEST = 65_525  # characters of a comment
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
CHECK_URL = URLValidator(schemes=["http", "https"])


@dataclass(slots=True)
class Fresh:
    """A comment that is not here yet, and the source's ids of it and of the one that it answers."""

    row: Comment
    id: str
    parent: str
    status: str


class Conversation:
    """The comments of one post. Making it takes them out of `entry`, judges and renders them;
    only `store` writes."""

    def __init__(self, importer: "Importer", post: Post | None, entry: entries.Post) -> None:
        self.importer, self.report, self.source = importer, importer.report, importer.source
        self.post, self.entry = post, entry
        self.here: dict[str, int] = {}  # keys of the comments that this post has, by id
        self.fresh: dict[str, Fresh] = {}  # by fingerprint
        while some := entry.remarks[:BATCH]:
            del entry.remarks[:BATCH]  # there may be very many
            self._sift(some)
            self.report.seen += len(some)
            importer.step()

    def store(self, post: Post) -> None:
        """Stores what is new under `post`; the caller holds the transaction."""
        posts = moderation.lock([post.pk])
        for fresh in self.fresh.values():
            fresh.row.post_id = post.pk
        for rows in self._generations():
            Comment.objects.bulk_create(rows, batch_size=BATCH)
            self.importer.step()
        approved = [fresh.row for fresh in self.fresh.values() if fresh.status == Status.PUBLISHED]
        if approved:
            moderation.publish(approved, posts)
        cite(post, [fresh.row for fresh in self.fresh.values()])

    def tell(self) -> None:
        """Counts what was stored."""
        for fresh in self.fresh.values():
            self.report.made["comments"] += 1
            self.report.statuses[fresh.status] += 1

    # What is new

    def _sift(self, remarks: Sequence[entries.Remark]) -> None:
        names = {name for remark in remarks for name in self._fingerprints(remark)}
        names |= {self.source.digest("comment", remark.parent) for remark in remarks}
        stored = {row.fingerprint: row for row in _stored(names)}
        for remark in remarks:
            self._note(remark.parent, stored.get(self.source.digest("comment", remark.parent)))
            self._consider(remark, stored)

    def _fingerprints(self, remark: entries.Remark) -> tuple[str, str]:
        """That of a comment, and the one it takes where another comment has its id."""
        id = remark.id or self.source.digest(remark.name, remark.written_at, remark.body)
        again = self.source.digest("comment", id, self.entry.id, remark.written_at)
        return self.source.digest("comment", id), again

    def _consider(self, remark: entries.Remark, stored: dict[str, Comment]) -> None:
        for fingerprint in self._fingerprints(remark):
            if fingerprint in self.fresh:
                twin = self.fresh[fingerprint].row
            else:
                twin = stored.get(fingerprint)
            if not twin:
                self._add(remark, fingerprint)
                return
            if self._is(twin, remark):
                self._note(remark.id, twin)
                self.report.already["comments"] += bool(twin.pk)
                self.report.left_out["comments that the file has twice"] += not twin.pk
                return

    def _is(self, twin: Comment, remark: entries.Remark) -> bool:
        """Whether it is the same comment, which a moderator may have edited since."""
        same_post = not twin.pk or (self.post and twin.post_id == self.post.pk)
        return bool(same_post) and remark.written_at in (None, twin.created_at)

    def _note(self, id: str, row: Comment | None) -> None:
        if row and row.pk and self.post and row.post_id == self.post.pk:
            self.here.setdefault(id, row.pk)

    def _add(self, remark: entries.Remark, fingerprint: str) -> None:
        body = text.prose(remark.body).strip("\n").rstrip()
        if text.is_blank(body):
            self.report.left_out["comments without text"] += 1
        elif len(body) > LONGEST:
            self.report.left_out[f"comments longer than {LONGEST:,} characters"] += 1
        else:
            row = self._row(remark, body, fingerprint)
            self.fresh[fingerprint] = Fresh(row, remark.id, remark.parent, remark.status)

    def _row(self, remark: entries.Remark, body: str, fingerprint: str) -> Comment:
        written = remark.written_at or self.entry.published_at or LONG_AGO
        approved = remark.status == Status.PUBLISHED
        return Comment(
            user_id=self.importer.user_keys.get(remark.user),
            status=Status.PENDING if approved else remark.status,
            name=self._name(remark),
            email=self._email(remark),
            url=self._url(remark),
            body=body,
            html=markup.render(body),
            created_at=written,
            published_at=written if approved else None,
            address=address(remark.address),
            user_agent=text.line(remark.user_agent)[:300],
            fingerprint=fingerprint,
        )

    def _name(self, remark: entries.Remark) -> str:
        name = text.line(remark.name)
        return _("Anonymous") if text.is_blank(name) else self.importer.fitting(name, Comment)

    def _email(self, remark: entries.Remark) -> str:
        email = text.line(remark.email)
        if not email or (len(email) <= EMAIL and _passes(validate_email, email)):
            return email
        self.report.changed["e-mail addresses of comments that are none, left away"] += 1
        return ""

    def _url(self, remark: entries.Remark) -> str:
        url = text.line(remark.url)
        if url in ("", "http://", "https://"):
            return ""
        if len(url) <= URL and _passes(CHECK_URL, url):
            return url
        self.report.changed["websites of comments that are none, left away"] += 1
        return ""

    # Its order

    def _generations(self) -> Iterator[list[Comment]]:
        """The rows, each after the one that it answers, which has been stored in between."""
        ids = {fresh.id for fresh in self.fresh.values() if fresh.id} - self.here.keys()
        answers: dict[str, list[Fresh]] = defaultdict(list)
        ready: list[Fresh] = []
        for fresh in self.fresh.values():
            (answers[fresh.parent] if fresh.parent in ids else ready).append(fresh)
        for fresh in ready:
            self._root(fresh)
        yield from self._below(ready, answers)
        for fresh in self.fresh.values():
            if not fresh.row.pk:  # it answers, in a circle, itself
                self._root(fresh)
                yield from self._below([fresh], answers)

    def _root(self, fresh: Fresh) -> None:
        fresh.row.parent_id = self.here.get(fresh.parent)
        if fresh.parent and not fresh.row.parent_id:
            words = "answers whose comment is missing, which stand on their own"
            self.report.changed[words] += 1

    def _below(
        self, ready: list[Fresh], answers: dict[str, list[Fresh]]
    ) -> Iterator[list[Comment]]:
        while ready:
            yield [fresh.row for fresh in ready]
            following = []
            for fresh in ready:
                for answer in answers.pop(fresh.id, []):
                    if not answer.row.pk:
                        answer.row.parent_id = fresh.row.pk
                        following.append(answer)
            ready = following


def _stored(fingerprints: Iterable[str]) -> Iterable[Comment]:
    rows = Comment.objects.filter(fingerprint__in=list(fingerprints))
    return rows.only("post_id", "created_at", "fingerprint")


def _passes(validate, value: str) -> bool:
    try:
        validate(value)
    except ValidationError:
        return False
    return True


def address(given: str) -> str | None:
    """The IP address that was given, if it is one."""
    try:
        return None if "%" in given else str(ipaddress.ip_address(given))
    except ValueError:
        return None


def cite(post: Post, rows: Iterable[Comment]) -> None:
    """Leads the @3 in comments to the comment 3, now that each has its number."""
    for some in batches([row for row in rows if "@" in row.body], size=50):
        cited = {row: sorted(markup.cited(row.body))[:MOST_CITED] for row in some}
        paths = {numbers.path_of(number) for words in cited.values() for number in words}
        found = post.comments.published().filter(path__in=paths - {None}).only("path")
        known = {comment.number: comment.pk for comment in found}
        changed = [row for row in some if _cites(row, known)]
        Comment.objects.bulk_update(changed, ["html"])
        Comment.cites.through.objects.bulk_create(
            Comment.cites.through(from_comment_id=row.pk, to_comment_id=known[number])
            for row in changed
            for number in markup.citations(row.html)
        )


def _cites(row: Comment, known: dict[str, int]) -> bool:
    """Renders `row` with its citations; whether it has any."""
    others = known.keys() - {row.number}
    if markup.cited(row.body) & others:
        row.html = markup.render(row.body, others)
    return bool(markup.citations(row.html))


def batches(things: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some
