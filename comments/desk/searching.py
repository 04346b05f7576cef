"""What a search at the desk finds: words, names, and senders as people write them."""

import re

from django.db.models import Exists, OuterRef, Q, QuerySet

from comments import domains, networks
from comments.models import Comment, Link, Person

SCHEME = re.compile(r"^https?://", re.IGNORECASE)
HOST_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+")
FEW_PEOPLE = 1_000  # whose comments are gathered wherever they stand
FEW_LINKS = 2_000  # that are gathered in any case
MANY_LINKS = 10_000  # that are never gathered in a long view
STEPS = 8  # along the index of a view that cost as much as to fetch one comment
WALK = 100_000  # steps, at most


def search(comments: QuerySet[Comment], q: str) -> QuerySet[Comment]:
    """Those that have `q` in their words, name or website, or were sent from there.

    An e-mail address is known by its beginning, or by that of its part from the @ on.
    """
    if names_network(q):
        return comments.filter(sent_from(q))
    if _is_email(q):
        return comments.filter(_sent_by(Person.objects.writing_from(q)))
    bare = SCHEME.sub("", q)
    said = Q(body__icontains=bare) | Q(name__icontains=q) | Q(url__icontains=bare)
    if HOST_NAME.match(bare) and not bare.count(" "):
        said |= Q(pk__in=_links(domains.of(f"https://{bare}")).values("comment"))
    return comments.filter(said)


def is_indexed(q: str) -> bool:
    """Whether a search for `q` need not look through the comments."""
    if names_network(q):
        return True
    return _is_email(q) and not Person.objects.writing_from(q)[FEW_PEOPLE:].exists()


def _sent_by(people: QuerySet[Person]) -> Q:
    """The filter for the comments of these people: by each of a few; of more, one by one."""
    few = list(people.values_list("pk", flat=True)[: FEW_PEOPLE + 1])
    if len(few) <= FEW_PEOPLE:
        return Q(person__in=few)
    return Q(Exists(people.filter(pk=OuterRef("person"))))


def _is_email(q: str) -> bool:
    return "@" in q and " " not in q


def names_network(q: str) -> bool:
    """Whether `q` is the address of a sender, or a network."""
    try:
        networks.parse(q)
    except ValueError:
        return False
    return True


def sent_from(place: str) -> Q:
    """The filter for an address or a network; ValueError for what is neither."""
    if beginning := networks.beginning(place):
        return Q(network__startswith=beginning)
    if hosts := networks.hosts(place):
        return Q(host__in=hosts)
    return Q(network__in=networks.neighbourhoods(place))


def linking_to(comments: QuerySet[Comment], domain: str, *, is_short: bool) -> QuerySet[Comment]:
    """Those of a view that link to a domain; `is_short` where the view is known to be short.

    To gather all comments that link there costs most where the domain is common, to walk through
    the view where that is long. PostgreSQL knows which it is; SQLite is told by the form.
    """
    links = _links(domain)
    if is_short or _is_walked(comments, links):
        return comments.filter(Exists(links.filter(comment=OuterRef("pk"))))
    return comments.filter(pk__in=links.values("comment"))


def is_common(domain: str) -> bool:
    """Whether so many comments link to a domain that they are not gathered."""
    return _links(domain)[MANY_LINKS:].exists()


def _is_walked(comments: QuerySet[Comment], links: QuerySet[Link]) -> bool:
    """Whether a view is so short, and a domain so common, that walking is quicker."""
    found = links[:WALK].count()
    most = min(found * STEPS, WALK)
    return found > FEW_LINKS and comments.order_by().values("pk")[:most].count() < most


def _links(domain: str) -> QuerySet[Link]:
    return Link.objects.filter(domain=domain)
