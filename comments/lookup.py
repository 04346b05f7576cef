"""Very many strings looked for in one text: what it costs follows the text, not their number.

Each class takes strings with whatever is to be answered for them, and finds them all in one go.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
SEED = 4  # letters by which a part is looked up


class Beginnings(Generic[Answer]):
    """What words begin with."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}

    def add(self, beginning: str, answer: Answer) -> None:
        self.answers.setdefault(beginning, []).append(answer)

    @cached_property
    def lengths(self) -> list[int]:
        return sorted(set(map(len, self.answers)))

    def found(self, words: Iterable[str]) -> Iterator[Answer]:
        for word in words:
            for length in self.lengths:
                if length > len(word):
                    break
                yield from self.answers.get(word[:length], ())


class Phrases(Generic[Answer]):
    """Words in a row (Aho and Corasick, 1975, with words in the place of letters)."""

    def __init__(self) -> None:
        self.steps: dict[tuple[int, str], int] = {}
        self.depths = [0]
        self.answers: dict[int, list[Answer]] = {}

    def add(self, words: list[str], answer: Answer) -> None:
        place = 0
        for depth, word in enumerate(words, 1):
            if (place, word) not in self.steps:
                self.steps[place, word] = len(self.depths)
                self.depths.append(depth)
            place = self.steps[place, word]
        self.answers.setdefault(place, []).append(answer)

    @cached_property
    def shorter(self) -> list[int]:
        """For each place that of the longest phrase begun later in the same words."""
        shorter = [0] * len(self.depths)
        for (place, word), after in sorted(self.steps.items(), key=lambda s: self.depths[s[1]]):
            shorter[after] = self._step(shorter[place], word, shorter) if place else 0
        return shorter

    def found(self, words: Iterable[str]) -> Iterator[Answer]:
        place, seen, shorter = 0, {0}, self.shorter
        for word in words:
            place = ending = self._step(place, word, shorter)
            while ending not in seen:
                seen.add(ending)
                yield from self.answers.get(ending, ())
                ending = shorter[ending]

    def _step(self, place: int, word: str, shorter: list[int]) -> int:
        while place and (place, word) not in self.steps:
            place = shorter[place]
        return self.steps.get((place, word), 0)


class Parts(Generic[Answer]):
    """Strings wherever they stand."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.seeds: dict[int, dict[str, list[int]]] = {}

    def add(self, part: str, answer: Answer) -> None:
        self.answers.setdefault(part, []).append(answer)
        lengths = self.seeds.setdefault(min(len(part), SEED), {}).setdefault(part[:SEED], [])
        if len(part) not in lengths:
            lengths.append(len(part))

    def found(self, text: str) -> Iterator[tuple[int, str]]:
        """Where each stands."""
        for size, seeds in self.seeds.items():
            for start in range(len(text) - size + 1):
                for length in seeds.get(text[start : start + size], ()):
                    part = text[start : start + length]
                    if part in self.answers:
                        yield start, part
