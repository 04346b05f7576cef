"""The queue of SQLite's writers, when the system fails it."""

import os

import pytest
from django.db import OperationalError

from config.sqlite.base import Queue


def test_a_fault_of_the_system_stops_one_writer_and_not_those_behind(tmp_path, monkeypatch):
    queue = Queue(str(tmp_path / "blog.sqlite3"))

    def fail(*_):
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as broken:
        broken.setattr(os, "open", fail)
        with pytest.raises(OperationalError, match="Too many open files"):
            queue.enter(timeout=1)
    queue.enter(timeout=1)
    queue.leave()


def test_who_waits_too_long_is_told_so(tmp_path):
    first, second = (Queue(str(tmp_path / "blog.sqlite3")) for _ in range(2))
    first.enter(timeout=1)
    with pytest.raises(OperationalError, match="stands still"):
        second.enter(timeout=0.01)
    first.leave()
    second.enter(timeout=1)
    second.leave()
