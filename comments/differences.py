"""What became of a text: its words before and after, the lost and the new ones marked."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
MOST = 4_000_000  # pairs of words that are compared; beyond, the whole middle counts as new


def marked(before: str, after: str) -> SafeString:
    """`after` with <ins> around what is new and <del> around what is gone, all of it escaped."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    middle = _middle(old[start : len(old) - end], new[start : len(new) - end])
    head, tail = "".join(new[:start]), "".join(new[len(new) - end :])
    return format_html("{}{}{}", head, middle, tail)


def _shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _middle(old: list[str], new: list[str]) -> SafeString:
    parts: list[str] = []
    for kind, i, j, k, m in _steps(old, new):
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if kind == "equal":
            parts.append(come)
            continue
        parts.append(format_html("<del>{}</del>", gone) if gone else "")
        parts.append(format_html("<ins>{}</ins>", come) if come else "")
    return format_html_join("", "{}", ((part,) for part in parts))


def _steps(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(old) * len(new) > MOST:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(str.isspace, old, new).get_opcodes()
