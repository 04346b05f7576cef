"""What the classifier looks at: from the facts of a comment to features that a person can read.

A feature has a name ("word:casino", "links:3"), which is what is counted, and a label, which is
what a person reads: the letters of a word count for the word. Features come in families, and a
family weighs with the root of its size: a long comment is not many times surer than a short one.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

from comments.classifier import shape, tokens

BUCKETS = 2**18
MOST, ENDING = 120, 40  # features of one family, and how many of these from its end
SHARES = {"word": 1.0, "pair": 1.0, "piece": 0.7, "typed": 0.5}
SHARES |= {"site": 1.0, "shape": 1.0, "form": 1.0, "writer": 0.4}
PIECE = 4  # characters
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Facts:
    """What is known of a comment when it is judged.

    `links` counts its links, `is_first` says whether its name and address are new here (None:
    not known), `seconds` how long the form took (None: not known).
    """

    author: str = ""
    email: str = ""
    url: str = ""
    body: str = ""
    links: int = 0
    is_first: bool | None = None
    seconds: float | None = None
    is_answer: bool = False


class Feature(NamedTuple):
    """`key`: the bucket it counts in, 0 to BUCKETS - 1; `label`: whose weight it adds to;
    `strength`: how much its evidence counts, 0 to 1."""

    key: int
    label: str
    strength: float


def extract(facts: Facts) -> list[Feature]:
    """The features of a comment, each bucket once; of each family at most MOST, some of its end."""
    text = tokens.read(facts.body)
    families: dict[str, Iterable[tuple[str, str]]] = {
        "word": ((f"word:{word}", f"word:{word}") for word in text.words),
        "pair": _pairs(text.words),
        "piece": _pieces(text.words),
        "typed": _typed(text.typed, text.words),
        "site": _alone(tokens.sites(text.links)),
        "shape": _alone(shape.of(facts.body, text, facts.links)),
        "form": _alone(shape.form(facts.is_first, facts.seconds, facts.is_answer)),
        "writer": _alone(shape.writer(facts.author, facts.email, facts.url)),
    }
    found: dict[int, Feature] = {}
    for family, named in families.items():
        for feature in _family(named, SHARES[family]):
            found.setdefault(feature.key, feature)
    return list(found.values())


def _family(named: Iterable[tuple[str, str]], share: float) -> Iterator[Feature]:
    first: dict[str, str] = {}
    for name, label in named:
        first.setdefault(name, label)
    labels = list(first.items())
    if len(labels) > MOST:
        labels = labels[: MOST - ENDING] + labels[-ENDING:]
    strength = share / math.sqrt(max(1, len(labels)))
    for name, label in labels:
        yield Feature(crc32(name.encode("utf-8", "replace")) % BUCKETS, label, strength)


def _alone(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((name, name) for name in names)


def _pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    """Words that stand together; the first stands after the beginning."""
    for left, right in zip(["", *words], words, strict=False):
        name = f"pair:{left} {right}"
        yield name, name if left else f"word:{right}"


def _pieces(words: list[str]) -> Iterator[tuple[str, str]]:
    """Runs of letters within a word and its two ends, which survive endings and misspellings."""
    for word in words:
        size = 2 if UNSPACED.search(word) else PIECE
        marked = f"<{word}>"
        for start in range(len(marked) - size + 1):
            yield f"piece:{marked[start : start + size]}", f"word:{word}"


def _typed(typed: list[str], words: list[str]) -> Iterator[tuple[str, str]]:
    """Words as they were typed, for what capitals say: "FREE" and "free"."""
    return ((f"typed:{one}", f"word:{word}") for one, word in zip(typed, words, strict=True))
