"""The moderators' lists, ready to be looked up, and which of their entries a comment meets.

Each process keeps them for as long as no rule changes (their edition says so), so that a comment
costs the same however long they are. After a change a process reads them again; words are made
ready again only where it was a word that changed.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from blog.keeping import Kept
from comments import domains, words
from comments.models import Rule
from comments.models.person import canonical

if TYPE_CHECKING:
    from comments.submission import Submission

Kind = Rule.Kind


class Entry(NamedTuple):
    """One line of a list."""

    text: str
    outcome: str
    why: str


class Rulebook:
    """All lists together."""

    def __init__(self, rules: Iterable[tuple[str, str, str, str]]) -> None:
        """Of rules the kind, text, outcome and why."""
        self.entries: dict[str, dict[str, Entry]] = {kind: {} for kind in Kind.values}
        for kind, *rest in rules:
            entry = Entry(*rest)
            self.entries[kind][entry.text] = entry
        self.words = _ready(tuple(self.entries[Kind.WORD]))
        self.names = _ready(tuple(self.entries[Kind.NAME]))
        self.widths = {_width(text) for text in self.entries[Kind.NETWORK]}

    def met(self, sent: "Submission") -> list[Entry]:
        """The entries that a submission meets, those of each list in the order of their text."""
        met = {
            Kind.WORD: self.words.found(sent.body, sent.name, sent.email, sent.url),
            Kind.NAME: self.names.found(sent.name),
            Kind.EMAIL: of_email(sent.email),
            Kind.NETWORK: self._networks(sent.address or ""),
            Kind.DOMAIN: {parent for host in sent.domains for parent in domains.parents(host)},
        }
        return [
            self.entries[kind][text]
            for kind, texts in met.items()
            for text in sorted(set(texts) & self.entries[kind].keys())
        ]

    def _networks(self, address: str) -> Iterator[str]:
        """The networks that an address is in, of those widths that are listed."""
        if not address:
            return
        ip = ipaddress.ip_address(address)
        for version, length in self.widths:
            if version == ip.version:
                around = ipaddress.ip_network((ip, length), strict=False)
                yield str(ip) if length == ip.max_prefixlen else str(around)


def current(edition: int | None) -> Rulebook:
    """The lists as they are in one edition of the rules."""
    return KEPT.of(edition)


def of_email(email: str) -> list[str]:
    """An address, and its part from the @ on with every parent domain: "@mail.example.org" …"""
    whole = canonical(email)
    _local, _at, domain = whole.rpartition("@")
    return [whole, *(f"@{parent}" for parent in domains.parents(domain))] if domain else []


def _read() -> Rulebook:
    rules = Rule.objects.order_by("pk").values_list("kind", "text", "outcome", "why")
    return Rulebook(rules)


@lru_cache(maxsize=2)
def _ready(texts: tuple[str, ...]) -> words.Listed:
    return words.Listed(texts)


def _width(network: str) -> tuple[int, int]:
    """The version of a network, and its length in bits."""
    version, whole = (6, 128) if ":" in network else (4, 32)
    _address, _slash, length = network.partition("/")
    return version, int(length or whole)


KEPT = Kept(_read)
