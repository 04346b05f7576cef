"""What an import made, found here, left out and changed: for the owner to read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

THINGS = ("authors", "categories", "tags", "posts", "pages", "comments")


@dataclass
class Report:
    """Counts by the words in which they are told: `left_out["pingbacks"] += 1`."""

    source: str = ""
    made: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)  # of the comments that were made
    already: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

    def seen(self) -> int:
        """How many comments were dealt with."""
        return self.made["comments"] + self.already["comments"]

    def lines(self) -> Iterator[str]:
        """The whole report, line by line."""
        if self.made.total():
            yield f"Brought over from {self.source}:"
            yield from self._made()
        else:
            yield f"Nothing new from {self.source}."
        yield from _section("Already here, left as they are:", self.already)
        yield from _section("Left out:", self.left_out)
        yield from _section("Changed on the way:", self.changed)

    def _made(self) -> Iterator[str]:
        for thing in THINGS:
            line = f"{self.made[thing]:>9,} {thing}"
            if thing == "comments" and self.statuses:
                line += f" ({', '.join(f'{n:,} {word}' for word, n in self.statuses.items())})"
            yield line


def _section(title: str, counts: Counter[str]) -> Iterator[str]:
    if counts.total():
        yield title
        yield from (f"{number:>9,} {words}" for words, number in counts.most_common())
