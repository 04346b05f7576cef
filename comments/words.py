"""Which words of a list occur in a text. A listed word is no pattern, but for a * at an end."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, cached_property

from comments import lookup

LONGEST = 200  # characters of a listed word that are looked at
PLAIN_WORD = re.compile(r"\w+")
UNSEEN = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
# Thai to Khmer, Chinese and Japanese write no spaces: what is listed is found within.
SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


class Listed:
    """A list made ready: to look for all of it costs what the text is long, not the list.

    Whole words and phrases, case ignored: "press" is not in "WordPress". "casino*" also finds
    what begins so, "*casino" what ends so. Spaces and punctuation between words do not matter,
    but where a listed word has punctuation itself it must be there: "c++", "a@b.example", "[".
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words: dict[str, list[str]] = {}
        self.beginnings: lookup.Beginnings[str] = lookup.Beginnings()
        self.endings: lookup.Beginnings[str] = lookup.Beginnings()
        self.phrases: lookup.Phrases[str] = lookup.Phrases()
        self.parts: lookup.Parts[str] = lookup.Parts()
        self.literals: lookup.Parts[tuple[str, bool, bool]] = lookup.Parts()
        for word in dict.fromkeys(words):
            self._add(word)

    def found(self, *texts: str) -> set[str]:
        """The listed words that occur in one of the texts, as listed."""
        text = _Text([fold(text) for text in texts])
        found = {listed for word in text.words for listed in self.words.get(word, ())}
        found.update(self.beginnings.found(text.words))
        if self.endings.answers:
            found.update(self.endings.found(word[::-1] for word in text.words))
        if self.phrases.answers:
            found.update(one for tokens in text.tokens for one in self.phrases.found(tokens))
        if self.parts.answers:
            parts = {part for _start, part in self.parts.found(text.spaced)}
            found.update(listed for part in parts for listed in self.parts.answers[part])
        if self.literals.answers:
            found.update(self._literally(text.literal))
        return found

    def _literally(self, text: str) -> Iterator[str]:
        """Those with punctuation, where no word goes on at an end that is bound."""
        for start, part in self.literals.found(text):
            end = start + len(part)
            goes_back = _is_of_word(text[max(0, start - 1) : start])
            goes_on = _is_of_word(text[end : end + 1])
            for listed, begins, ends in self.literals.answers[part]:
                if not (begins and goes_back) and not (ends and goes_on):
                    yield listed

    def _add(self, listed: str) -> None:
        folded = " ".join(fold(listed[:LONGEST]).split())
        bare = folded.strip("*").strip()
        if not bare:  # asterisks alone are themselves
            bare, begins, ends = folded, False, False
        else:
            begins, ends = _is_bound(folded[0]), _is_bound(folded[-1])
        words = _words(bare)
        if not words or " ".join(words) != bare:
            self._add_literal(bare, (listed, begins, ends))
        elif len(words) == 1 and (begins or ends):
            self._add_word(bare, listed, begins=begins, ends=ends)
        elif begins and ends:
            self.phrases.add(words, listed)
        else:
            self.parts.add(" " * begins + bare + " " * ends, listed)

    def _add_literal(self, bare: str, answer: tuple[str, bool, bool]) -> None:
        if bare:
            self.literals.add(bare, answer)

    def _add_word(self, word: str, listed: str, *, begins: bool, ends: bool) -> None:
        if begins and ends:
            self.words.setdefault(word, []).append(listed)
        elif begins:
            self.beginnings.add(word, listed)
        else:
            self.endings.add(word[::-1], listed)


def matching(words: Iterable[str], *texts: str) -> list[str]:
    """The listed words that occur in one of the texts, as and in the order listed, each once."""
    words = list(dict.fromkeys(words))
    found = Listed(words).found(*texts)
    return [word for word in words if word in found]


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
    def spaced(self) -> str:
        """The words alone, a space on either side of each; texts apart."""
        return "\n".join(f" {' '.join(tokens)} " for tokens in self.tokens)

    @cached_property
    def literal(self) -> str:
        return "\n".join(" ".join(text.split()) for text in self.folded)


def _is_bound(edge: str) -> bool:
    """Whether a word must end at this first or last character of what is listed."""
    return _is_of_word(edge) and not SPACELESS.match(edge)


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
