"""What a worker does beside its tasks: work that comes round, and tasks that did not come through.

A task that raises is tried again, with growing pauses; one whose worker was killed is begun again.
So every task must be able to run twice.
"""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments import akismet, checks, facts, retention
from comments.models import Job, Notice

# Minutes before a failed task is tried again: after the first failure, the second …
PAUSES = (0.25, 1, 5, 15, 60, 180, 360, 720, 1440, 1440)
FORSAKEN = timedelta(minutes=15)  # a task runs no longer; its worker, on another machine, is dead
PUT_OFF = f"{akismet.LeftAlone.__module__}.{akismet.LeftAlone.__qualname__}"
MISSED = timedelta(minutes=5)  # since a job was due, and no worker did it
FINISHED = timedelta(days=7)  # for which tasks that are done can still be looked at
MACHINE = socket.gethostname()[:40]
LIFE = secrets.token_hex(4)  # a process of another life may have had our number

logger = logging.getLogger(__name__)


def worker_id() -> str:
    """Who works here: this machine, process and life."""
    return f"{MACHINE}:{os.getpid()}:{LIFE}"


def run(stop: Callable[[], bool], pause: float = 2.0) -> None:
    """Does each job when it is due, until `stop` says so; `pause` in seconds between looks."""
    while not stop():
        close_old_connections()
        try:
            tick()
        except Exception:  # the next round may do better: a database comes back
            logger.exception("A round of the worker’s own jobs failed")
        time.sleep(pause)


def tick() -> None:
    """Does the jobs that are due and that no other worker has taken."""
    for job, every in JOBS:
        if Job.claim(job.__name__, every):
            job()


def recover() -> None:
    """Makes tasks ready again that failed, or whose worker is gone, and frees what that held."""
    now = timezone.now()
    _free_claims()  # first: a task that is ready finds its notice free
    for result in DBTaskResult.objects.running():
        if result.started_at < now - FORSAKEN or _is_dead(result.worker_ids[-1]):
            _again(result, now)
    for result in DBTaskResult.objects.failed():
        due_at = next_attempt(result)
        if due_at and due_at <= now:
            if _was_put_off(result):
                result.worker_ids.pop()  # it was no attempt, and uses up no patience
            _again(result, now)


def next_attempt(failed: DBTaskResult) -> datetime | None:
    """When a task that failed is tried again; None when it was tried often enough."""
    if _was_put_off(failed):
        return failed.finished_at + timedelta(seconds=akismet.REST)
    if len(failed.worker_ids) > len(PAUSES):
        return None
    return failed.finished_at + timedelta(minutes=PAUSES[len(failed.worker_ids) - 1])


def failed() -> int:
    """How many tasks have failed and wait to be tried again, or were given up."""
    return DBTaskResult.objects.failed().count()


def is_idle() -> bool:
    """Whether there is work that is due and no worker has looked for some minutes."""
    lately = timezone.now() - MISSED
    seen = Job.objects.filter(name=recover.__name__, due_at__gt=lately).exists()
    return not seen and DBTaskResult.objects.ready().exists()


def prune() -> None:
    """Forgets tasks that were done a week ago."""
    DBTaskResult.objects.successful().filter(finished_at__lt=timezone.now() - FINISHED).delete()


def _free_claims() -> None:
    """Ends the claims of dead workers on notices; those of a living one stay, even if made now."""
    claimed = Notice.objects.filter(sent_at=None).exclude(claimed_by=None)
    for worker in set(claimed.values_list("claimed_by", flat=True)):
        if _is_dead(worker):
            claimed.filter(claimed_by=worker).update(claimed_at=None, claimed_by=None)


def _was_put_off(failed: DBTaskResult) -> bool:
    """Whether it ended before it tried, because whom it asks is left alone for a while."""
    return failed.exception_class_path == PUT_OFF


def _again(result: DBTaskResult, now: datetime) -> None:
    same = DBTaskResult.objects.filter(pk=result.pk, status=result.status)
    same = same.filter(started_at=result.started_at)
    same.update(status="READY", run_after=now, worker_ids=result.worker_ids)


def _is_dead(worker: str) -> bool:
    """Whether a worker of this machine has ended; nothing is known of others."""
    machine, pid, life = [*worker.rsplit(":", 2), "", ""][:3]
    if machine != MACHINE or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return life != LIFE
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def refresh_statistics() -> None:
    """Lets SQLite's planner know what has grown; PostgreSQL's autovacuum does so by itself.

    Without statistics it may choose an index that reads a whole table.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize = 0x10002")  # all tables, a bounded look at each


JOBS: tuple[tuple[Callable[[], object], timedelta], ...] = (
    (recover, timedelta(seconds=10)),
    (facts.complete_some, timedelta(seconds=20)),
    (checks.let_go, timedelta(minutes=1)),
    (retention.delete_spam, timedelta(hours=1)),
    (retention.forget_notices, timedelta(days=1)),
    (prune, timedelta(hours=6)),
    (refresh_statistics, timedelta(hours=6)),
)
