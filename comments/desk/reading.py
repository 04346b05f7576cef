"""What a moderator reads before deciding: the comment, what it answers, why it is here, who wrote
it, and what else came from there. The number of queries does not depend on how much there is.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from blog.models import Blog, User
from comments import facts, numbers, reports
from comments.desk import counts
from comments.desk.listing import Listing, in_state
from comments.models import Change, Comment, Link, Person, Report, Revision

LINK = re.compile(r'<a href="(https?://[^"]+)"[^>]*>.*?</a>', re.DOTALL)
UNSAID = {"reports", "everybody"}  # told otherwise, or true of all
METER = 8.0  # points at the end of the meter, at least
LONG = 3_000  # characters: what is longer scrolls by itself, the verdicts staying in sight
WHOLE = 1_500  # characters of what it answers: of more only the beginning is shown
MOST_ALIKE = 100  # comments alike that are counted for a slip
MOST_OTHERS = 1_000  # for the comment that is open
OTHERS = 5  # names that are shown of those who share an address


def token(comment: Comment) -> str:
    """A comment as a moderator has seen it: its key, and the last decision about it."""
    return f"{comment.pk}.{comment.last_decision_id or 0}"


@dataclass(frozen=True)
class Slip:
    """One comment in the queue."""

    comment: Comment
    query: str  # the address of the desk with this comment open
    alike: str  # how many of its status say nearly the same, itself included; empty for no other
    reported: int  # by how many readers, since a moderator last decided about it
    is_open: bool

    @property
    def token(self) -> str:
        return token(self.comment)

    @property
    def says(self) -> str:
        """Its first words, as readers would see them."""
        return self.comment.quotation

    @property
    def why(self) -> str:
        """Its reasons in one line, what readers say now before what was found on the way in."""
        reasons = [one for one in self.comment.reasons if one["code"] not in UNSAID]
        reasons.sort(key=lambda reason: -reason["weight"])
        said = [reason for reason in reasons if reason["weight"]] or reasons
        words = [reports.in_words(self.reported)] if self.reported else []
        return " · ".join([*words, *(reason["words"] for reason in said[:2])])

    @property
    def points(self) -> float:
        return points(self.comment)


def slips(page: list[Comment], theirs: QuerySet[Comment], opened: Comment | None, address) -> list:
    """The slips of one page of a view.

    Args:
        theirs: the comments that the moderator may see.
        address: gives the query string that opens a comment.
    """
    one_of_each = {(comment.wave, comment.status): comment.pk for comment in page if comment.wave}
    same = theirs.order_by().filter(wave=OuterRef("wave"), status=OuterRef("status"))
    found = Comment.objects.filter(pk__in=one_of_each.values())
    counted = found.values_list("wave", "status", counts.Capped(same, MOST_ALIKE))
    alike = {(wave, status): count for wave, status, count in counted} if one_of_each else {}
    reported = _reported(page)
    return [
        Slip(
            comment,
            address(comment),
            _alike(alike, comment),
            reported.get(comment.pk, 0),
            comment == opened,
        )
        for comment in page
    ]


def _alike(counted: dict[tuple[int, str], int], comment: Comment) -> str:
    count = counted.get((comment.wave, comment.status), 1)
    return counts.words(count, MOST_ALIKE) if count > 1 else ""


def _reported(page: list[Comment]) -> dict[int, int]:
    found = Report.objects.filter(comment__in=page, seen=False).order_by().values("comment")
    return dict(found.annotate(count=Count("pk")).values_list("comment", "count"))


def points(comment: Comment) -> float:
    return round(sum(reason["weight"] for reason in comment.reasons), 1)


class Reading:
    """One comment opened on the desk."""

    def __init__(
        self, comment: Comment, blog: Blog, user: User, listing: Listing | None = None
    ) -> None:
        self.comment, self.blog, self.user = comment, blog, user
        self.listing = listing or Listing(state=comment.status)
        self.token = token(comment)
        self.points = points(comment)
        self.meter_end = max(METER, blog.spam_from)
        self.meter_low = blog.hold_from - 0.01  # what is held is not in the green
        self.on_meter = min(max(self.points, 0), self.meter_end)

    @property
    def verbs(self) -> list[str]:
        """What can be done with it, the likeliest first."""
        return {
            "pending": ["publish", "mark_spam", "remove"],
            "published": ["hold", "mark_spam", "remove"],
            "spam": ["publish", "hold", "remove"],
            "removed": ["publish", "hold", "mark_spam"],
        }[self.comment.status]

    @property
    def is_long(self) -> bool:
        return len(self.comment.body) > LONG

    @property
    def answered(self) -> str:
        """What it answers, as readers see it; of a long one the first words."""
        parent = self.comment.parent
        if len(parent.body) > WHOLE:
            return parent.quotation
        return mark_safe(parent.html)  # noqa: S308  made safe by markup

    @cached_property
    def above(self) -> list[Comment]:
        """Those that it answers, the topmost first, its own parent left out."""
        parent = self.comment.parent
        if not parent or numbers.depth(parent.path or "") < 2:
            return []
        return [one for one in self.comment.above() if one.pk != self.comment.parent_id]

    @cached_property
    def html(self) -> SafeString:
        """The comment as readers will see it, links to domains new to the blog marked."""
        if not LINK.search(self.comment.html):
            return mark_safe(self.comment.html)  # noqa: S308  made safe by markup
        same = Link.objects.filter(domain=OuterRef("domain"))
        published = same.filter(comment__status=Comment.Status.PUBLISHED)
        ours = self.comment.links.filter(Exists(published))
        known = set(ours.values_list("domain", flat=True))
        mark = format_html(" <mark>{}</mark>", _("new here"))

        def marked(found: re.Match) -> str:
            return found[0] if facts.domains.of(found[1]) in known else found[0] + mark

        return mark_safe(LINK.sub(marked, self.comment.html))  # noqa: S308  made safe by markup

    @cached_property
    def domains(self) -> list[str]:
        return sorted(facts.linked(self.comment.html, self.comment.url))

    @cached_property
    def record(self) -> dict:
        """What became of all that this person sent: counts by status, and since when."""
        person = self.comment.person_id
        if not person:
            return {"first": self.comment.created_at, "pending": "1"}
        theirs = Comment.objects.filter(person=OuterRef("pk"))
        states = Comment.Status.values
        counted = [counts.Capped(theirs.order_by().filter(status=state)) for state in states]
        firsts = theirs.order_by().values("person").annotate(Min("created_at"))
        first = Subquery(firsts.values("created_at__min"))
        since, *found = Person.objects.filter(pk=person).values_list(first, *counted).get()
        said = zip(states, found, strict=True)
        return {state: counts.words(count) for state, count in said if count} | {"first": since}

    @cached_property
    def others(self) -> list[str]:
        """Other names that came from the same sender's address."""
        if not self.comment.host:
            return []
        latest = Comment.objects.filter(host=self.comment.host).order_by("-created_at")
        names = dict.fromkeys(latest.values_list("name", flat=True)[:200])
        names.pop(self.comment.name, None)
        return list(names)[:OTHERS]

    @cached_property
    def from_network(self) -> str:
        """How many others came from the network."""
        if not self.comment.network:
            return ""
        found = counts.capped(Comment.objects.filter(network=self.comment.network)) - 1
        return counts.words(found) if found > 0 else ""

    @cached_property
    def alike(self) -> int:
        """How many others in this view say nearly the same, at most MOST_OTHERS + 1."""
        if not self.comment.wave:
            return 0
        theirs = Comment.objects.for_moderator(self.user).filter(wave=self.comment.wave)
        here = in_state(theirs, self.listing.state, self.user)
        return counts.capped(here.exclude(pk=self.comment.pk), MOST_OTHERS)

    @property
    def alike_in_words(self) -> str:
        return counts.words(self.alike, MOST_OTHERS)

    @cached_property
    def reports(self) -> list[Report]:
        return list(self.comment.reports.order_by("-at")[:20])

    @cached_property
    def last_report(self) -> int | None:
        """The key of the latest report that nobody has settled yet."""
        return max((report.pk for report in self.reports if not report.seen), default=None)

    @cached_property
    def history(self) -> list[Change]:
        """What was decided about it, the latest first."""
        if not self.comment.last_decision_id:
            return []
        changes = self.comment.changes.select_related("decision__by", "decision__undone_by")
        return list(changes.order_by("-pk")[:10])

    @cached_property
    def revisions(self) -> list[Revision]:
        """Its earlier words, the latest first."""
        if not self.history:
            return []
        found = Revision.objects.filter(change__comment=self.comment)
        return list(found.select_related("change__decision__by").order_by("-pk")[:10])
