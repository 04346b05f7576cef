"""Keeps processes running until it is told to stop, then ends every one of them.

Each child has a process group of its own, so that what it started dies with it, and on Linux it is
told when the supervisor itself was killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

GRACE = 15.0  # seconds that a child has to finish what it does
PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before a restart, growing while it fails
HEALTHY = 30.0  # seconds after which a child counts as well again
PR_SET_PDEATHSIG = 1  # prctl(2)


class Child:
    """A command that is to run all the time."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.failures = 0
        self.due: float | None = None  # when it is to be started again
        self.start()

    def start(self) -> None:
        self.due = None
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            process_group=0,
            preexec_fn=_die_with_parent,
        )

    def tend(self) -> None:
        """Starts it again, after a pause, when it has ended."""
        now = time.monotonic()
        if self.due is None and self.process.poll() is not None:
            self.kill()
            self.failures = 0 if now - self.started > HEALTHY else self.failures + 1
            self.due = now + PAUSES[min(self.failures, len(PAUSES) - 1)]
            print(f"Ended: {' '.join(self.command[:4])} …", file=sys.stderr)  # noqa: T201
        elif self.due is not None and now >= self.due:
            self.start()

    def end(self, deadline: float) -> None:
        """Waits for it until `deadline`, then kills it and all that it started."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        self.kill()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Stop:
    """Whether somebody asked for the end. A flag: a handler may do no more (signal-safety(7))."""

    def __init__(self) -> None:
        self.is_asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.is_asked = True


def run(commands: list[list[str]]) -> None:
    """Runs the commands until SIGTERM or SIGINT."""
    stop = Stop()
    children = [Child(command) for command in commands]
    while not stop.is_asked:
        time.sleep(0.1)
        for child in children:
            child.tend()
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        child.end(deadline)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
