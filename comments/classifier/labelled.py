"""Labelled comments from a CSV file: with the oddities of such collections, in order of time."""

import csv
import re
from collections.abc import Callable, Iterator
from typing import TextIO

from django.utils.translation import gettext as _

from comments.classifier import tokens
from comments.classifier.features import Facts

# Labels without case, spaces, hyphens and underscores: "Not Spam" and "not_spam" are one.
SPAM = frozenset("spam isspam spammy junk trash trashed bad 1 1.0 true t yes y".split())
GOOD = frozenset(
    "ham good notspam nonspam nospam legit legitimate approved approve published ok okay clean "
    "0 0.0 false f no n".split()
)
GAPS = re.compile(r"[\s_-]+")
COLUMNS = {  # also as well-known collections call them
    "author": ("author", "name"),
    "text": ("text", "content", "comment", "body"),
    "label": ("label", "class", "spam", "is_spam", "status"),
}
LONGEST = 10_000_000  # characters of one field


class Unreadable(Exception):
    """The file has not the columns that are needed, or is no CSV file at all."""


def read(file: TextIO, refuse: Callable[[int, str], None]) -> Iterator[tuple[Facts, bool]]:
    """The comments with whether they are spam; `refuse` hears line and reason of each bad row."""
    csv.field_size_limit(LONGEST)
    rows = csv.reader(file)
    try:
        places = _places(next(rows, []))
        line = rows.line_num + 1
        for row in rows:
            if row:
                try:
                    yield _labelled(row, places)
                except ValueError as error:
                    refuse(line, str(error))
            line = rows.line_num + 1
    except csv.Error as error:
        raise Unreadable(_("line %(n)d: %(why)s") % {"n": rows.line_num, "why": error}) from error


def _places(header: list[str]) -> dict[str, int]:
    found = [name.strip().casefold() for name in header]
    places = {}
    for column, names in COLUMNS.items():
        if place := next((found.index(name) for name in names if name in found), -1) + 1:
            places[column] = place - 1
        elif column != "author":
            raise Unreadable(
                _("the first line has no column “%(column)s”, it has: %(found)s")
                % {"column": column, "found": ", ".join(header)[:300] or _("nothing")}
            )
    return places


def _labelled(row: list[str], places: dict[str, int]) -> tuple[Facts, bool]:
    """Raises ValueError with what is wrong, in words."""
    if len(row) <= max(places["text"], places["label"]):
        raise ValueError(_("too few columns"))
    text, label = row[places["text"]], row[places["label"]].strip()
    author = row[places["author"]] if places.get("author", len(row)) < len(row) else ""
    said = GAPS.sub("", label).casefold()
    if said not in SPAM | GOOD:
        raise ValueError(_("“%(label)s” is not a label") % {"label": label[:40]})
    if not text.strip():
        raise ValueError(_("no text"))
    return Facts(author=author, body=text, links=tokens.count_links(text)), said in SPAM
