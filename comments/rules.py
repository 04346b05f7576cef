"""What may stand on the moderators' lists, and the one spelling of it that screening looks up."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from comments import domains, networks, text, words
from comments.models import Rule
from comments.models.person import canonical

Kind = Rule.Kind
BY_LOOKS = "looks"  # each line is of the kind that it looks like
WIDEST = {4: 8, 6: 16}  # networks that screening looks up; a wider one would hold a continent
PATTERN = re.compile(r"\\[bdswBDSW.]|\.[*+]|\(\?|\[\^?\S+-\S+\]|^\^|\$$|[)\]][*+?]")
SIGNS = ("Sm", "Sc", "So")  # of mathematics, of money, others
IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Entry:
    """One line of a list, as it is kept."""

    kind: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """The same for two that catch the same."""
        return (self.kind, words.fold(self.text))


def entry(kind: str, line: str) -> Entry:
    """A typed line as an entry; ValueError, with a sentence for whoever typed it, if it is none."""
    typed = text.line(line)
    kind = _looks(typed) if kind == BY_LOOKS else kind
    return Entry(kind, SPELLINGS[kind](typed))


def _looks(typed: str) -> str:
    try:
        networks.parse(typed)
    except ValueError:
        is_address = "@" in typed and " " not in typed and "/" not in typed
        return Kind.EMAIL if is_address else Kind.WORD
    return Kind.NETWORK


def _word(typed: str) -> str:
    if PATTERN.search(typed):
        sentence = _(
            "“%(text)s” looks like a regular expression. A word is looked for as it stands; only "
            "a * where it begins or ends means that the word may go on there."
        )
        raise ValueError(sentence % {"text": typed})
    if "*" in typed.strip("*"):
        sentence = _("“%(text)s”: a * may stand where a word begins or ends, not within it.")
        raise ValueError(sentence % {"text": typed})
    if not _is_telling(typed):
        sentence = _(
            "“%(text)s” is too short: it takes two letters, a letter and a sign (c++), or a "
            "Chinese character."
        )
        raise ValueError(sentence % {"text": typed})
    if len(typed) > words.LONGEST:
        sentence = _("“%(text)s …” is too long: %(most)d characters are looked at.")
        raise ValueError(sentence % {"text": typed[:40], "most": words.LONGEST})
    return typed


def _is_telling(typed: str) -> bool:
    """Whether a word says enough to be looked for; one that is a single letter stands everywhere.

    A single ideograph is a word; a letter with a sign, which is no punctuation, is a name.
    """
    letters = sum(character.isalnum() for character in typed)
    has_sign = any(one in "#@&" or unicodedata.category(one) in SIGNS for one in typed)
    return letters > 1 or (letters == 1 and has_sign) or bool(IDEOGRAPH.search(typed))


def _email(typed: str) -> str:
    address = canonical(typed.removeprefix("*"))
    try:
        validate_email(address if address.rpartition("@")[0] else f"anybody{address}")
    except ValidationError:
        sentence = _(
            "“%(text)s” is not an email address such as name@example.org, nor the part that "
            "begins with the @, such as @example.org."
        )
        raise ValueError(sentence % {"text": typed}) from None
    return address


def _network(typed: str) -> str:
    network = networks.parse(typed)
    if network.prefixlen < WIDEST[network.version]:
        sentence = _(
            "“%(text)s” is too wide: it would catch whole countries. At most /%(widest)d is taken."
        )
        raise ValueError(sentence % {"text": typed, "widest": WIDEST[network.version]})
    is_one = network.prefixlen == network.max_prefixlen
    return str(network.network_address if is_one else network)


def _domain(typed: str) -> str:
    if "@" in typed and "/" not in typed:
        sentence = _("“%(text)s” is an email address; choose that kind for it.")
        raise ValueError(sentence % {"text": typed})
    domain = domains.of(typed.removeprefix("*").removeprefix("."))
    if not domain or " " in typed:
        sentence = _("“%(text)s” is not a domain such as example.org, nor a web address.")
        raise ValueError(sentence % {"text": typed})
    if "." not in domain and ":" not in domain:
        sentence = _("“%(text)s” alone would catch every address that ends so. Name a domain.")
        raise ValueError(sentence % {"text": typed})
    return domain


SPELLINGS: dict[str, Callable[[str], str]] = {
    Kind.WORD: _word,
    Kind.NAME: _word,
    Kind.EMAIL: _email,
    Kind.NETWORK: _network,
    Kind.DOMAIN: _domain,
}
