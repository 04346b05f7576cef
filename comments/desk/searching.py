"""What a search at the desk finds: words, names, and senders as people write them."""

import re

from django.db.models import Q, QuerySet

from comments import domains, networks
from comments.models import Comment, Link, Person
from comments.models.person import canonical

SCHEME = re.compile(r"^https?://", re.IGNORECASE)
HOST_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+")
FOUND = 500  # people that a search goes on with


def search(comments: QuerySet[Comment], q: str) -> QuerySet[Comment]:
    """Those that have `q` in their words, name, e-mail address, website or network."""
    if names_network(q):
        return comments.filter(sent_from(q))
    if _is_email(q):
        people = Person.objects.filter(email__contains=canonical(q))[:FOUND]
        return comments.filter(person__in=[person.pk for person in people])
    bare = SCHEME.sub("", q)
    said = Q(body__icontains=bare) | Q(name__icontains=q) | Q(url__icontains=bare)
    if HOST_NAME.match(bare) and not bare.count(" "):
        said |= Q(pk__in=linking_to(domains.of(f"https://{bare}")))
    return comments.filter(said)


def is_indexed(q: str) -> bool:
    """Whether a search for `q` need not read what people wrote."""
    return names_network(q) or _is_email(q)


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


def linking_to(domain: str) -> QuerySet:
    return Link.objects.filter(domain=domain).values("comment")
