"""What rules would have caught: tried on the latest comments before they are kept."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from comments import domains, networks, rulebook, words
from comments.models import Comment, Rule
from comments.rules import Entry

LATEST = 1_000  # comments of each status that are looked at
BUDGET = 2.0  # seconds for each status
EXAMPLES = 5
Finder = Callable[[Comment], list[str]]  # the listed texts that a comment meets


@dataclass
class Effect:
    """What rules would have caught among the latest comments of one status."""

    status: str
    seen: int = 0
    caught: int = 0
    examples: list[tuple[Comment, list[str]]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(Comment.Status(self.status).label)


def of(entries: Iterable[Entry]) -> list[Effect]:
    """What the entries would have caught of what is published and of what is spam."""
    by_kind: dict[str, list[str]] = {}
    for one in entries:
        by_kind.setdefault(one.kind, []).append(one.text)
    finders = [FINDERS[kind](texts) for kind, texts in by_kind.items()]
    return [_effect(status, finders) for status in (Comment.Status.PUBLISHED, Comment.Status.SPAM)]


def _effect(status: str, finders: list[Finder]) -> Effect:
    """Looks at the latest first, for as long as the budget lasts."""
    latest = Comment.objects.filter(status=status).order_by("-created_at", "-pk")
    rows = latest.prefetch_related("links").only("name", "email", "url", "body", "html", "address")
    effect, deadline = Effect(status), time.monotonic() + BUDGET
    for comment in rows[:LATEST]:
        if time.monotonic() > deadline:
            break
        effect.seen += 1
        found = [text for finder in finders for text in finder(comment)]
        effect.caught += bool(found)
        if found and len(effect.examples) < EXAMPLES:
            effect.examples.append((comment, found[:EXAMPLES]))
    return effect


def _by_word(texts: list[str]) -> Finder:
    listed = words.Listed(texts)
    return lambda one: sorted(listed.found(one.body, one.name, one.email, one.url))


def _by_name(texts: list[str]) -> Finder:
    listed = words.Listed(texts)
    return lambda one: sorted(listed.found(one.name))


def _by_email(texts: list[str]) -> Finder:
    listed = set(texts)
    return lambda one: [text for text in rulebook.of_email(one.email) if text in listed]


def _by_network(texts: list[str]) -> Finder:
    listed = {networks.parse(text): text for text in texts}
    lengths = {(network.version, network.prefixlen) for network in listed}

    def find(comment: Comment) -> list[str]:
        if not comment.address:
            return []
        one = networks.parse(comment.address)
        around = (one.supernet(new_prefix=n) for version, n in lengths if version == one.version)
        return [listed[network] for network in around if network in listed]

    return find


def _by_domain(texts: list[str]) -> Finder:
    listed = set(texts)

    def find(comment: Comment) -> list[str]:
        linked = {parent for link in comment.links.all() for parent in domains.parents(link.domain)}
        return sorted(linked & listed)

    return find


FINDERS: dict[str, Callable[[list[str]], Finder]] = {
    Rule.Kind.WORD: _by_word,
    Rule.Kind.NAME: _by_name,
    Rule.Kind.EMAIL: _by_email,
    Rule.Kind.NETWORK: _by_network,
    Rule.Kind.DOMAIN: _by_domain,
}
