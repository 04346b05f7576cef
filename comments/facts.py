"""What follows from a comment's words and sender and is looked for later: who wrote it, from which
network, which domains it links to, and which other texts it is nearly the same as.

Worked out when a comment comes in. What comes in by another way (an import, an older version)
is completed by the worker.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from django.db.models import QuerySet

from comments import domains, likeness, markup, networks, sites
from comments.models import Comment, Link, Person

FIELDS = ["person", "host", "network", "sketch", "wave"]
RECENT = 1_000  # comments among which nearly the same text is looked for
MOST = 100  # of the same text that are counted
BATCH = 200


@dataclass(frozen=True)
class Likeness:
    """What a text has in common with those before it."""

    sketch: int | None
    wave: int  # the key that it shares with those nearly the same; 0 for one too short to tell
    count: int  # how many of them guests sent before


def complete(comments: Iterable[Comment]) -> None:
    """Works the facts out of comments that are stored, and stores them."""
    for comment in comments:
        derive(comment, likeness_of(comment.body, comment.pk))
        comment.save(update_fields=FIELDS)
        found = linked(comment.html, comment.url)
        comment.links.exclude(domain__in=found).delete()
        link(comment, found)


def derive(comment: Comment, like: Likeness, person: Person | None = None) -> None:
    """Sets the facts that are fields of the comment; `person` who wrote it, where that is known."""
    comment.person = person or Person.objects.at(comment.email, comment.name)
    comment.host = networks.host(comment.address) if comment.address else ""
    comment.network = networks.network(comment.address) if comment.address else ""
    comment.sketch, comment.wave = like.sketch, like.wave


def link(comment: Comment, found: Iterable[str]) -> None:
    """Writes down the domains that a stored comment links to."""
    links = [Link(comment=comment, domain=domain) for domain in sorted(found)]
    Link.objects.bulk_create(links, ignore_conflicts=True)


def linked(html: str, url: str) -> set[str]:
    """The domains of a comment's links and of its writer's website, and whose those are.

    So a spammer who makes a new name for each comment is found by the one domain above them.
    """
    # What has more links than are rendered is shown as typed, and leads as far.
    found = domains.in_text(html) | domains.in_typed(_as_typed(html))
    return sites.within(found | ({domains.of(url)} - {""}))


def _as_typed(html: str) -> str:
    """What was typed, where `markup` shows a comment as it stands; else nothing."""
    shown = html.removeprefix(markup.PRE)
    is_code = shown == html or shown.startswith("<code>")
    return "" if is_code else unescape(shown.removesuffix("</pre>"))


def likeness_of(body: str, but: int | None = None) -> Likeness:
    """What a text has in common with others, that of the comment with the key `but` left out."""
    sketch, wave = likeness.sketch(body), likeness.key(body)
    if not wave:
        return Likeness(None, 0, 0)
    others = Comment.objects.exclude(pk=but) if but else Comment.objects.all()
    if not others.filter(wave=wave).exists():
        near = _wave_near(body, sketch, others)
        if not near:
            return Likeness(sketch, wave, 0)
        wave = near
    same = others.filter(wave=wave, user=None).exclude(status=Comment.Status.REMOVED)
    return Likeness(sketch, wave, same[:MOST].count())


def _wave_near(body: str, sketch: int, others: QuerySet[Comment]) -> int:
    """The wave of a recent text that is nearly the same; 0 where there is none."""
    recent = others.exclude(sketch=None).order_by("-pk").values_list("pk", "sketch")
    near = likeness.nearest(body, sketch, recent[:RECENT], _bodies)
    if not near:
        return 0
    return Comment.objects.filter(pk=near).values_list("wave", flat=True).first() or 0


def complete_some() -> None:
    """Completes comments that came in another way, the newest first, some at a time."""
    while missing := list(Comment.objects.filter(wave=None).order_by("-pk")[:BATCH]):
        complete(missing)


def _bodies(keys: list[int]) -> dict[int, str]:
    return dict(Comment.objects.filter(pk__in=keys).values_list("pk", "body"))
