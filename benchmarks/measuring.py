"""Measures the desk of one made-up blog, whose database the environment names; writes JSON.

Each page is asked for by Django's test client, as a moderator who is logged in: the whole stack
without the network. What is measured is the time from the request to the last byte.

    DATA=var/bench/sqlite-1000000 python -m benchmarks.measuring 20 'search|waves' > some.json
"""

import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "CRITICAL")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.cases import Act, Page, cases  # noqa: E402
from comments.models import Comment  # noqa: E402

SLOW = 1.5  # seconds after which a page is asked for only FEW times
FEW = 5
TABLE = re.compile(r'"comments_comment"(?: (?:AS )?"?([A-Z]\w*)"?)?')


@dataclass
class Row:
    """What was measured of one page; times in milliseconds."""

    name: str
    kind: str
    least: float
    median: float
    p95: float
    cpu: float  # median of this process alone, without the database server
    queries: int
    bytes: int
    scans: list[str] = field(default_factory=list)  # steps of plans that read all comments
    plans: list[str] = field(default_factory=list)


def main(rounds: int, only: str = "") -> None:
    """Measures the cases whose names `only`, a regular expression, finds."""
    rows = [measure(case, rounds) for case in cases() if re.search(only, case.name)]
    found = {
        "database": connection.vendor,
        "version": version(),
        "comments": Comment.objects.count(),
        "rows": [asdict(row) for row in rows],
    }
    json.dump(found, sys.stdout)


def measure(case: Page | Act, rounds: int) -> Row:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(case.user)
    statements, response = watched(client, case)
    both: list[tuple[float, float]] = []
    while len(both) < rounds and (len(both) < FEW or both[0][0] < SLOW):
        both.append(timed(client, case))
    times = sorted(took for took, _cpu in both)
    cpu = statistics.median(cpu for _took, cpu in both)
    p95 = times[min(len(times) - 1, round(0.95 * len(times)) - 1)]
    size = len(response.content)
    figures = (1_000 * seconds for seconds in (times[0], statistics.median(times), p95, cpu))
    row = Row(case.name, case.kind, *figures, len(statements), size)
    explain(statements, row)
    said = f"{row.median:8.1f} ms {row.queries:4} queries  {row.name} {row.scans or ''}"
    print(said, file=sys.stderr)
    return row


def timed(client: Client, case: Page | Act) -> tuple[float, float]:
    """Seconds by the clock, and seconds of this process."""
    ask = case.ready(client)
    began, began_cpu = time.perf_counter(), time.process_time()
    response = ask()
    took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    if response.status_code not in (200, 303):
        raise SystemExit(f"{case.name}: {response.status_code}")
    case.after(client)
    return took, took_cpu


def watched(client: Client, case: Page | Act) -> tuple[list, object]:
    """The statements that a page needs, and its answer."""
    statements: list[tuple[str, object]] = []

    def watch(execute: Callable, statement: str, params, many: bool, context: dict):
        statements.append((statement, params))
        return execute(statement, params, many, context)

    ask = case.ready(client)
    with connection.execute_wrapper(watch):
        response = ask()
    case.after(client)
    return statements, response


def explain(statements: list, row: Row) -> None:
    """Writes down how the database finds the comments, and where it reads all of them."""
    prefix = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    for statement, params in statements:
        if not (statement.startswith("SELECT") and '"comments_comment"' in statement):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"{prefix} {statement}", params)
            steps = [str(step[-1]) for step in cursor.fetchall()]
        names = {alias or "comments_comment" for alias in TABLE.findall(statement)}
        row.plans.append("\n".join([statement, *steps]))
        row.scans += [step.strip() for step in steps if is_scan(step, names)]


def is_scan(step: str, names: set[str]) -> bool:
    """Whether a step of a plan reads the comments from end to end and no index of them."""
    if connection.vendor == "postgresql":
        return "Seq Scan on comments_comment" in step
    found = re.match(r"SCAN (\w+)(.*)", step)
    return bool(found) and found[1] in names and "INDEX" not in found[2]


def version() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version"
        )
        return cursor.fetchone()[0]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, *sys.argv[2:])
