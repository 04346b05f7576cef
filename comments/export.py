"""The log as a table for spreadsheets: CSV (RFC 4180) in UTF-8, made row by row."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.db.models import QuerySet

from comments import numbers
from comments.models import Decision

BOM = "\ufeff"  # spreadsheets take the file for UTF-8 by it
# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), also full-width.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
BATCH = 500  # rows
HEADER = "when what who why comment number post author before after undone".split()
FIELDS = [
    "at",
    "verb",
    "by__name",
    "why",
    "changes__comment",
    "changes__comment__path",
    "changes__comment__post__title",
    "changes__comment__name",
    "changes__before",
    "changes__after",
    "undone_by__at",
]


def log(decisions: QuerySet[Decision]) -> Iterator[bytes]:
    """The decisions, the latest first: one row for each change, one for a decision without any.

    Times are ISO 8601, in UTC. The memory that it takes does not grow with the log.
    """
    rows = decisions.order_by("-at", "-pk", "changes__pk").values_list(*FIELDS)
    writer = csv.writer(_Echo())
    yield (BOM + writer.writerow(HEADER)).encode()
    for row in rows.iterator(chunk_size=BATCH):
        yield writer.writerow(_cells(row)).encode()


def _cells(row: Iterable) -> list[str]:
    when, verb, who, why, comment, path, *words, undone = row
    number = numbers.number_of(path) if path else ""
    cells = [_utc(when), verb, who, why, comment, number, *words, _utc(undone)]
    return [_inert("" if cell is None else str(cell)) for cell in cells]


def _inert(cell: str) -> str:
    """`cell` as words, whatever a spreadsheet would make of it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _utc(when: datetime | None) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds") if when else ""


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line
