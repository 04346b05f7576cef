"""What an import made, found here, left out and changed: for the owner to read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

THINGS = ("authors", "categories", "tags", "posts", "pages", "comments")


@dataclass
class Report:
    """Counts by the words in which they are told: `left_out["pingbacks"] += 1`."""

    source: str = ""
    seen: int = 0  # comments looked at
    made: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)  # of the comments that were made
    already: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

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
            if self.made[thing]:
                yield f"  {thing}: {self.made[thing]:,}"
        yield from (f"    {status}: {number:,}" for status, number in self.statuses.items())


def _section(title: str, counts: Counter[str]) -> Iterator[str]:
    if counts.total():
        yield title
        yield from (f"  {words}: {number:,}" for words, number in counts.most_common() if number)
