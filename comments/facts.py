"""What follows from a comment's words and sender and is looked for later: who wrote it, from which
network, which domains it links to, and which other texts it is nearly the same as.

Worked out when a comment comes in. What comes in by another way (an import, an older version)
is completed by the worker.
"""

from collections.abc import Iterable

from comments import domains, likeness, networks
from comments.models import Comment, Link, Person

FIELDS = ["person", "host", "network", "sketch", "wave"]
RECENT = 1_000  # comments among which nearly the same text is looked for
BATCH = 200


def complete(comments: Iterable[Comment]) -> None:
    """Works the facts out of comments that are stored, and stores them."""
    for comment in comments:
        derive(comment)
        comment.save(update_fields=FIELDS)
        link(comment)


def derive(comment: Comment) -> None:
    """Sets the facts that are fields of the comment."""
    comment.person = Person.objects.at(comment.email, comment.name)
    comment.host = networks.host(comment.address) if comment.address else ""
    comment.network = networks.network(comment.address) if comment.address else ""
    comment.sketch = likeness.sketch(comment.body)
    comment.wave = wave_of(comment)


def link(comment: Comment) -> None:
    """Writes down the domains that a stored comment links to."""
    found = linked(comment.html, comment.url)
    comment.links.exclude(domain__in=found).delete()
    Link.objects.bulk_create(
        [Link(comment=comment, domain=domain) for domain in sorted(found)], ignore_conflicts=True
    )


def linked(html: str, url: str) -> set[str]:
    """The domains of a comment's links and of its writer's website."""
    return domains.in_text(html) | ({domains.of(url)} - {""})


def wave_of(comment: Comment) -> int:
    """The key that this text shares with those nearly the same; 0 for one too short to tell."""
    key = likeness.key(comment.body)
    if not key:
        return 0
    if Comment.objects.filter(wave=key).exclude(pk=comment.pk).exists():
        return key
    recent = Comment.objects.exclude(pk=comment.pk).exclude(sketch=None).order_by("-pk")
    near = likeness.nearest(
        comment.body, comment.sketch, recent.values_list("pk", "sketch")[:RECENT], _bodies
    )
    found = Comment.objects.filter(pk=near).values_list("wave", flat=True).first() if near else 0
    return found or key


def complete_some() -> None:
    """Completes comments that came in another way, the newest first, some at a time."""
    while missing := list(Comment.objects.filter(wave=None).order_by("-pk")[:BATCH]):
        complete(missing)


def _bodies(keys: list[int]) -> dict[int, str]:
    return dict(Comment.objects.filter(pk__in=keys).values_list("pk", "body"))
