"""What a process keeps for as long as an edition says that it is still true."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Kept(Generic[Found]):
    """What `make` makes, once for each edition; of several threads one makes it."""

    def __init__(self, make: Callable[[], Found]) -> None:
        self._make, self._lock = make, threading.Lock()
        self._latest: tuple[int | None, Found] | None = None

    def of(self, edition: int | None) -> Found:
        """That of an edition, whose number was read before; what is made is at least as new."""
        latest = self._latest
        if latest is None or latest[0] != edition:
            with self._lock:
                latest = self._latest
                if latest is None or latest[0] != edition:
                    self._latest = latest = (edition, self._make())
        return latest[1]
