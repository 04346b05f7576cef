"""Which words of a list occur in a text. A listed word is no pattern, but for a * at an end."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache, partial
from itertools import pairwise

LONGEST = 200  # characters of a listed word that are looked at
LISTED = 20_000  # words kept as they are looked for
GRAM = 3
PLAIN_WORD = re.compile(r"\w+")
UNSEEN = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
# Thai to Khmer, Chinese and Japanese write no spaces: what is listed is found within.
SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


def matching(words: Iterable[str], *texts: str) -> list[str]:
    """The listed words that occur in one of the texts, as listed, each once.

    Whole words and phrases, case ignored: "press" is not in "WordPress". "casino*" also finds
    what begins so, "*casino" what ends so. Spaces and punctuation between words do not matter,
    but where a listed word has punctuation itself it must be there: "c++", "a@b.example", "[".
    """
    text = _Text([fold(text) for text in texts])
    return [word for word in dict.fromkeys(words) if _sought(word)(text)]


def fold(text: str) -> str:
    """`text` without case and without what nobody sees, in normal form C."""
    text = text if text.isascii() else UNSEEN.sub("", unicodedata.normalize("NFC", text))
    text = text.casefold()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class _Text:
    """Texts in the forms that listed words ask for, made when they are."""

    def __init__(self, folded: list[str]):
        self.folded = folded

    @cached_property
    def tokens(self) -> list[list[str]]:
        return [_words(text) for text in self.folded]

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for tokens in self.tokens for word in tokens)

    @cached_property
    def pairs(self) -> frozenset[str]:
        return frozenset(map(" ".join, (p for tokens in self.tokens for p in pairwise(tokens))))

    @cached_property
    def sorted(self) -> list[str]:
        return sorted(self.words)

    @cached_property
    def sorted_backwards(self) -> list[str]:
        return sorted(word[::-1] for word in self.words)

    @cached_property
    def spaced(self) -> str:
        """The words alone, a space on either side of each; texts apart."""
        return "\n".join(f" {' '.join(tokens)} " for tokens in self.tokens)

    @cached_property
    def literal(self) -> str:
        return "\n".join(" ".join(text.split()) for text in self.folded)

    @cached_property
    def grams(self) -> frozenset[str]:
        text = self.spaced
        return frozenset(text[start : start + GRAM] for start in range(len(text)))


@lru_cache(LISTED)
def _sought(listed: str) -> Callable[[_Text], bool]:
    """How to look for a listed word."""
    folded = " ".join(fold(listed[:LONGEST]).split())
    bare = folded.strip("*").strip()
    if not bare:  # asterisks alone are themselves
        return partial(_has_literal, folded, False, False)
    begins, ends = _is_bound(folded[0]), _is_bound(folded[-1])
    words = _words(bare)
    if " ".join(words) != bare:
        return partial(_has_literal, bare, begins, ends)
    if len(words) == 1 and (begins or ends):
        return partial((_has_word if ends else _has_beginning) if begins else _has_ending, bare)
    if begins and ends:
        return partial(_has_phrase, words)
    return partial(_has_part, " " * begins + bare + " " * ends)


def _is_bound(edge: str) -> bool:
    """Whether a word must end at this first or last character of what is listed."""
    return _is_of_word(edge) and not SPACELESS.match(edge)


def _has_word(word: str, text: _Text) -> bool:
    return word in text.words


def _has_beginning(beginning: str, text: _Text) -> bool:
    return _is_begun(text.sorted, beginning)


def _has_ending(ending: str, text: _Text) -> bool:
    return _is_begun(text.sorted_backwards, ending[::-1])


def _is_begun(words: list[str], beginning: str) -> bool:
    place = bisect_left(words, beginning)
    return place < len(words) and words[place].startswith(beginning)


def _has_phrase(words: list[str], text: _Text) -> bool:
    first, last = " ".join(words[:2]), " ".join(words[-2:])
    return {first, last} <= text.pairs and (
        len(words) == 2 or f" {' '.join(words)} " in text.spaced
    )


def _has_part(part: str, text: _Text) -> bool:
    """A part of the words and the single spaces between them."""
    ends = {part[:GRAM], part[-GRAM:]}
    return (len(part) < GRAM or ends <= text.grams) and part in text.spaced


def _has_literal(part: str, begins: bool, ends: bool, text: _Text) -> bool:
    """A part with its punctuation, where no word goes on at an end that is bound."""
    whole, start = text.literal, text.literal.find(part) if part else -1
    while start >= 0:
        end = start + len(part)
        before, after = whole[max(0, start - 1) : start], whole[end : end + 1]
        if not (begins and _is_of_word(before)) and not (ends and _is_of_word(after)):
            return True
        start = whole.find(part, start + 1)
    return False


def _is_of_word(character: str) -> bool:
    return character.isalnum() or bool(character and _is_mark(character))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _words(folded: str) -> list[str]:
    r"""Letters and digits, and the marks on them, which Python's \w leaves out."""
    folded = folded.replace("_", " ")
    if folded.isascii() or not _marks().search(folded):
        return PLAIN_WORD.findall(folded)
    return _marked_word().findall(folded)


@cache
def _marks() -> re.Pattern[str]:
    numbers = range(0x300, 0x10000)  # a class of these alone is a table, and quick
    return re.compile(f"[{''.join(chr(n) for n in numbers if _is_mark(chr(n)))}]")


@cache
def _marked_word() -> re.Pattern[str]:
    return re.compile(rf"\w+(?:{_marks().pattern}+\w*)*")
