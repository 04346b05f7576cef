"""Who has been published before: told by the person, and by the name that they sign with.

Neither is enough: an address or a name alone is too easily borrowed. How either is typed says
nothing: "Sam@Example.org" is "sam@example.org", and "sam  whitlow" is "Sam Whitlow".
"""

import unicodedata

from comments.models import Comment, Person

LATEST = 50  # comments of a person, among which the name of a regular is nearly always


def knows(person: Person | None, name: str, *, before: Comment | None = None) -> bool:
    """Whether something of this person and name was published, or was it `before` that comment."""
    if not person:
        return False
    published = Comment.objects.published().filter(person=person)
    if before:
        published = published.filter(created_at__lt=before.created_at).exclude(pk=before.pk)
    looked_for, names = signature(name), published.values_list("name", flat=True)
    latest = list(names.order_by("-created_at", "-pk")[:LATEST])
    if looked_for in map(signature, latest):
        return True
    return len(latest) == LATEST and looked_for in map(signature, names.distinct())


def signature(name: str) -> str:
    """A name in one spelling: NFKC, without case, with single spaces."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
