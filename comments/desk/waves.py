"""Waves: waiting comments that belong together, each to be decided in one go."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, Max
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from blog.models import User
from comments import sites
from comments.desk.listing import Listing
from comments.models import Comment, Link

LATEST = 10_000  # waiting comments that are looked at
FEWEST = 3  # that make a wave
SHOWN = 20  # of each kind


@dataclass(frozen=True)
class Wave:
    """One group: what its comments share, how many they are, and the list that holds them."""

    title: str
    sample: str
    count: int
    query: str


def groups(user: User) -> list[Wave]:
    """The waves among what waits, the largest first."""
    waiting = Comment.objects.for_moderator(user).pending().order_by("-created_at", "-pk")
    latest = list(waiting.values_list("pk", flat=True)[:LATEST])
    if not latest:
        return []
    recent = Comment.objects.pending().filter(pk__gte=min(latest)).for_moderator(user)
    return sorted([*_same_text(recent), *_same_domain(recent)], key=lambda wave: -wave.count)


def _same_text(recent) -> list[Wave]:
    found = recent.exclude(wave=0).exclude(wave=None).order_by().values("wave")
    found = found.annotate(count=Count("pk"), one=Max("pk")).filter(count__gte=FEWEST)
    rows = list(found.order_by("-count")[:SHOWN])
    samples = _samples(row["one"] for row in rows)
    return [
        Wave(
            _("%(count)s comments say nearly the same") % {"count": row["count"]},
            samples[row["one"]],
            row["count"],
            Listing(wave=str(row["wave"])).query(),
        )
        for row in rows
    ]


def _same_domain(recent) -> list[Wave]:
    found = Link.objects.filter(comment__in=recent.order_by()).order_by().values("domain")
    found = found.annotate(count=Count("comment"), one=Max("comment")).filter(count__gte=FEWEST)
    whole = (row for row in found.order_by("-count") if sites.of(row["domain"]) == row["domain"])
    rows = list(islice(whole, SHOWN))
    samples = _samples(row["one"] for row in rows)
    return [
        Wave(
            _("%(count)s comments link to %(domain)s") % row,
            samples[row["one"]],
            row["count"],
            Listing(domain=row["domain"]).query(),
        )
        for row in rows
    ]


def _samples(keys: Iterable[int]) -> dict[int, str]:
    """By each comment's key, who wrote it and its first words."""
    found = Comment.objects.filter(pk__in=list(keys)).values_list("pk", "name", "body")
    return {pk: f"{name}: {Truncator(body).chars(160)}" for pk, name, body in found}
