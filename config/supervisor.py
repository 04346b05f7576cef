"""Keeps processes running until it is told to stop, then ends every one of them.

Each child has a process group of its own, so that what it started dies with it, and on Linux it is
told when the supervisor itself was killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
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
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            process_group=0,
            preexec_fn=_die_with_parent,
        )

    def tend(self, stopping: threading.Event) -> None:
        """Starts it again when it has ended."""
        if self.process.poll() is None:
            return
        self.kill()
        lived = time.monotonic() - self.started
        self.failures = 0 if lived > HEALTHY else self.failures + 1
        print(f"Ended: {' '.join(self.command[:4])} …; starting it again", file=sys.stderr)  # noqa: T201
        if not stopping.wait(PAUSES[min(self.failures, len(PAUSES) - 1)]):
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


def run(commands: list[list[str]]) -> None:
    """Runs the commands until SIGTERM or SIGINT."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    children = [Child(command) for command in commands]
    while not stopping.wait(0.1):
        for child in children:
            child.tend(stopping)
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        child.end(deadline)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
