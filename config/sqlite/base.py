"""Django's SQLite engine, with a queue before each write transaction.

SQLite lets one connection write at a time. Those that wait poll with growing pauses, so that who
comes last is often served first and a writer may wait for seconds. Here a writer first takes its
place in a queue: a lock between the threads of this process, then a lock on a file between the
processes. Both let waiters in one after another, and the system frees the file's lock when a
process dies.

Every `transaction.atomic()` is BEGIN IMMEDIATE and so takes its turn; a single statement in
autocommit goes to SQLite's own busy handler.

The file of the queue also holds the clock: a number in memory that all processes share, even when
nobody writes, odd from before a transaction begins until after it has ended. Who finds it even and
unchanged knows, without asking the database, that no transaction has ended since (a sequence lock).
A process that dies within a transaction leaves it odd, which only makes others ask.
"""

import fcntl
import mmap
import os
import threading
from functools import cache

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

_threads = threading.Lock()


class Clock:
    """The number in the file at `path`; only who is at the queue's head changes it."""

    def __init__(self, path: str) -> None:
        self.number = shared_number(path)

    def tick(self) -> int:
        """Odd while somebody writes, and where there is no clock."""
        return self.number[0] if self.number else 1

    def begin(self) -> None:
        if self.number:
            self.number[0] |= 1

    def end(self) -> None:
        if self.number:
            self.number[0] = (self.number[0] | 1) + 1


def shared_number(path: str) -> memoryview | None:
    """A number in the memory of all who ask for it by this file; None where there is no room."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        if os.fstat(file).st_size < mmap.PAGESIZE:
            os.pwrite(file, bytes(mmap.PAGESIZE), 0)  # a full disk is found here, not by a store
        return memoryview(mmap.mmap(file, mmap.PAGESIZE)).cast("Q")
    except OSError:
        return None
    finally:
        os.close(file)


@cache
def clock(path: str) -> Clock:
    """The clock of a database, one for all threads of a process."""
    return Clock(f"{path}-queue")


class Queue:
    """One connection's place among all that want to write to the database file `path`."""

    def __init__(self, path: str) -> None:
        self.path = f"{path}-queue"
        self.clock = clock(path)
        self.file: int | None = None

    def enter(self, timeout: float) -> None:
        """Waits for the turn; raises OperationalError when other threads keep it `timeout` s."""
        if not _threads.acquire(timeout=timeout):
            raise OperationalError("database is locked: the queue of writers stands still")
        try:
            self.file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
            fcntl.flock(self.file, fcntl.LOCK_EX)
            self.clock.begin()
        except OSError as error:
            self._give_up()
            raise OperationalError(f"database is locked: {error}") from error

    def leave(self) -> None:
        """Lets the next one in; does nothing where this connection is not at its turn."""
        if self.file is not None:
            self._give_up()

    def _give_up(self) -> None:
        if self.file is not None:
            self.clock.end()
            os.close(self.file)
        self.file = None
        _threads.release()


class DatabaseWrapper(base.DatabaseWrapper):
    def tick(self) -> int:
        """The number of the clock."""
        return clock(str(self.settings_dict["NAME"])).tick()

    def get_new_connection(self, conn_params):
        self.queue = Queue(conn_params["database"])
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self):
        self.queue.enter(timeout=self.settings_dict["OPTIONS"].get("timeout", 5))
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.queue.leave()
            raise

    def _set_autocommit(self, autocommit):
        """Called with True when a transaction has ended, however it ended."""
        super()._set_autocommit(autocommit)
        if autocommit:
            self.queue.leave()

    def _close(self):
        try:
            super()._close()
        finally:
            self.queue.leave()
