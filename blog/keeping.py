"""What a process keeps for as long as an edition says that it is still true."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Kept(Generic[Found]):
    """What `make` makes, once for each edition; of several threads one makes it.

    `is_over` tells of what was made whether it stopped being true by itself.
    """

    def __init__(
        self, make: Callable[[], Found], is_over: Callable[[Found], bool] = lambda found: False
    ) -> None:
        self._make, self._is_over, self._lock = make, is_over, threading.Lock()
        self._latest: tuple[int | None, Found] | None = None

    def of(self, edition: int | None) -> Found:
        """That of an edition, whose number was read before; what is made is at least as new."""
        latest = self._latest
        if latest is None or not self._holds(latest, edition):
            with self._lock:
                latest = self._latest
                if latest is None or not self._holds(latest, edition):
                    self._latest = latest = (edition, self._make())
        return latest[1]

    def _holds(self, latest: tuple[int | None, Found], edition: int | None) -> bool:
        return latest[0] == edition and not self._is_over(latest[1])
