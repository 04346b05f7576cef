"""The server itself, in real processes: how it starts and ends, and many who write at once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server import ROOT, Server, on_postgresql

pytestmark = pytest.mark.server

POST = "/2014/01/other-peoples-pencil/"


def send(server: Server, **fields: str) -> tuple[int, str]:
    """Comments on the sample post: the status, and where the answer leads."""
    fields = {"name": "Sam", "email": "sam@example.org", "comment": "Words."} | fields
    answer = server.post(f"{POST}comments/", **fields)
    return answer.status, answer.headers.get("Location", "")


def test_a_new_blog_has_a_conversation_and_three_that_wait(running):
    page = running.get(POST).text
    assert "12 thoughts on “Other People’s Pencil”" in page
    answers = [n for n in range(1, 13) if f'id="c{n}.1"' in page]
    assert len(answers) == 1
    assert (
        running.ask("from comments.models import Comment as C; print(C.objects.pending().count())")
        == 3
    )


def test_the_second_start_is_quick_and_changes_nothing(server):
    dump = (
        "from django.core.management import call_command as c;"
        "c('dumpdata', 'blog', 'comments', exclude=['comments.job'])"  # when workers look again
    )
    before = server.run(dump)
    link = server.welcome
    took = []
    for _start in range(3):  # the quickest: other tests use the same processors
        server.stop()
        started = time.monotonic()
        server.restart()
        took.append(time.monotonic() - started)
    assert min(took) < 5
    assert server.run(dump) == before
    assert server.log.count(link) == 4


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_ending_it_ends_every_process_it_started(server, end):
    assert len(server.processes()) >= 3
    server.process.send_signal(end)
    server.process.wait(timeout=20)
    assert server.processes() == []


def test_fifty_answers_at_once_get_fifty_numbers_in_a_row(running):
    with ThreadPoolExecutor(8) as writers:
        sent = list(
            writers.map(lambda n: send(running, parent="1", comment=f"Answer {n}."), range(50))
        )
    assert {status for status, _ in sent} == {303}
    approve = """
import multiprocessing, json
from comments.models import Comment
def approve(pks):
    for pk in pks:
        Comment.objects.filter(pk=pk).publish(by=None)
pks = list(Comment.objects.pending().filter(body__startswith="Answer").values_list("pk", flat=True))
from django.db import connections
connections.close_all()
fork = multiprocessing.get_context("fork")
workers = [fork.Process(target=approve, args=(pks[n::5],)) for n in range(5)]
[worker.start() for worker in workers]
[worker.join() for worker in workers]
assert not any(worker.exitcode for worker in workers)
found = Comment.objects.filter(pk__in=pks).published()
print(json.dumps(sorted(int(one.number.split(".")[1]) for one in found)))
"""
    assert running.ask(approve) == list(range(1, 51))


def test_no_writer_hears_that_the_database_is_locked(running):
    running.run("from blog.models import Blog; Blog.objects.update(moderation='none')")
    with ThreadPoolExecutor(8) as writers:
        sent = list(writers.map(lambda n: send(running, comment=f"Remark {n}."), range(400)))
    assert {status for status, _ in sent} == {303}
    numbers = sorted(int(where.rpartition("#c")[2]) for _, where in sent)
    assert numbers == list(range(numbers[0], numbers[0] + 400))
    assert "locked" not in running.log


def test_what_was_acknowledged_outlives_the_death_of_any_process(server):
    acknowledged = []

    def write(n: int) -> None:
        for _ in range(100):
            try:
                if send(server, comment=f"Remark {n}.")[0] == 303:
                    acknowledged.append(f"Remark {n}.")
                    return
            except OSError:
                time.sleep(0.1)

    with ThreadPoolExecutor(8) as writers:
        results = [writers.submit(write, n) for n in range(200)]
        for _ in range(4):
            time.sleep(0.8)
            os.kill(server.processes()[-1], signal.SIGKILL)
        [result.result() for result in results]
    acknowledged.sort()
    for pid in server.processes():
        os.kill(pid, signal.SIGKILL)
    server.process.wait()
    server.restart()
    stored = server.ask("""
import json
from comments.models import Comment
remarks = Comment.objects.filter(body__startswith="Remark")
print(json.dumps(list(remarks.values_list("body", flat=True))))
""")
    assert len(acknowledged) == 200
    assert sorted(stored) == acknowledged


@pytest.mark.skipif(on_postgresql(), reason="about SQLite’s lock")
def test_a_writer_keeps_her_words_while_the_database_is_locked(running):
    lock = sqlite3.connect(running.data / "colloquy.sqlite3", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        answer = running.post(
            f"{POST}comments/", name="Sam", email="sam@example.org", comment="Kept <words>."
        )
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Kept &lt;words&gt;." in answer.text
        assert running.get(POST).status == 200
    finally:
        lock.rollback()
        lock.close()
    assert send(running, comment="Kept <words>.")[0] == 303


@pytest.mark.skipif(on_postgresql(), reason="about SQLite’s statistics")
def test_the_worker_tells_sqlite_what_has_grown(running):
    code = (
        "from django.db import connection as c\nfrom comments import schedule\n"
        "schedule.refresh_statistics()\ncursor = c.cursor()\n"
        "cursor.execute('SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = %s', ['comments_comment'])\n"
        "print(cursor.fetchone()[0])"
    )
    assert running.ask(code) > 0


@pytest.mark.skipif(on_postgresql(), reason="about SQLite’s settings")
def test_sqlite_is_set_to_lose_nothing(running):
    pragmas = running.ask(
        "import json; from django.db import connection as c; cursor = c.cursor();"
        "print(json.dumps([cursor.execute(f'PRAGMA {p}').fetchone()[0]"
        " for p in ('journal_mode', 'synchronous')]"
        " + [c.settings_dict['OPTIONS']['transaction_mode'], c.settings_dict['ENGINE']]))"
    )
    assert pragmas == ["wal", 2, "IMMEDIATE", "config.sqlite"]


def test_an_owner_has_the_pages_made_before_readers_come(running):
    assert "× 200." in running.manage("warm")


def test_warming_a_server_that_is_not_there_says_so(prepared):
    with pytest.raises(AssertionError, match="Start it first"):
        prepared.manage("warm")


def test_a_taken_port_is_said_in_one_line(running):
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=running.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"CommandError: Cannot listen at 127.0.0.1 port {running.port}")


def test_make_names_what_is_missing_in_one_line(tmp_path):
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    done = subprocess.run(
        ["make", "run", "PYTHON=no-such-python"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Colloquy needs Python 3.11 or newer" in done.stderr.splitlines()[0]
