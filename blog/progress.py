"""How far a long command is: a bar where somebody looks on, a line now and then elsewhere."""

import time
from collections.abc import Callable

from django.core.management.base import OutputWrapper

WIDTH = 30
PAUSE = 0.1, 10.0  # seconds between two drawings: of a bar, of lines


class Progress:
    """Call it as often as there is something new; it draws no more often than can be read."""

    def __init__(
        self,
        done: Callable[[], int],
        total: int,
        count: Callable[[], int],
        stream: OutputWrapper,
        things: str = "comments",
    ) -> None:
        """
        Args:
            done: how much of `total` is done, in any unit.
            count: how many things that a person counts have been dealt with.
            stream: where it is drawn; a bar where that is a terminal.
            things: what is counted.
        """
        self.done, self.total, self.count, self.stream = done, max(1, total), count, stream
        self.things = things
        self.is_bar = stream.isatty()
        self.began = self.drawn = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self.drawn >= PAUSE[not self.is_bar]:
            self.draw()

    def draw(self) -> None:
        self.drawn = time.monotonic()
        part = min(1.0, self.done() / self.total)
        rate = self.count() / max(0.001, self.drawn - self.began)
        line = f"{part:4.0%}  {self.count():,} {self.things}, {rate:,.0f} a second"
        if self.is_bar:
            full = round(part * WIDTH)
            line = f"\r[{'#' * full}{'.' * (WIDTH - full)}] {line}\x1b[K"
        self.stream.write(line if self.is_bar else f"{line}\n", str, "")
        self.stream.flush()

    def end(self) -> None:
        """Leaves the line to whatever is written next."""
        if self.is_bar:
            self.draw()
            self.stream.write("\n", str, "")
