"""The numbers of comments: "3" for the third of a post, "3.1" for the first answer to it.

A number is stored as a path, seven digits a level ("00000030000001"): the order of the paths is the
order of reading in every collation of every database, and all answers below a comment are one
range of them. This module only converts; `comments.numbering` gives numbers.
"""

import re
from functools import lru_cache

DIGITS = 7
MOST_LEVELS = 10
WINDOW = 50  # top-level numbers on one page
NUMBER = re.compile(rf"[1-9][0-9]{{0,6}}(?:\.[1-9][0-9]{{0,6}}){{0,{MOST_LEVELS - 1}}}")


def path_of(number: str) -> str | None:
    """The path of a number, "3.1" → "00000030000001"; None where `number` is not one."""
    if not NUMBER.fullmatch(number):
        return None
    return "".join(part.zfill(DIGITS) for part in number.split("."))


@lru_cache(maxsize=4_096)  # a page asks for each several times
def number_of(path: str) -> str:
    """The number of a path, "00000030000001" → "3.1"."""
    return ".".join(str(int(path[i : i + DIGITS])) for i in range(0, len(path), DIGITS))


def depth(path: str) -> int:
    """1 for a top-level comment, 2 for an answer to it, and so on; 0 for the post itself."""
    return len(path) // DIGITS


def above(path: str) -> str:
    """The path of the comment under which a path stands; empty for a top-level one."""
    return path[:-DIGITS]


def root(path: str) -> str:
    """The path of the top-level comment above, or of itself."""
    return path[:DIGITS]


def below(path: str, position: int) -> str:
    """The path of the answer number `position` under `path`."""
    return f"{path}{position:0{DIGITS}}"


def end(path: str) -> str:
    """The first path behind `path` and all that is below it: they are `path <= p < end(path)`."""
    return str(int(path) + 1).zfill(len(path))


def window(path: str) -> int:
    """The first top-level number of the window of 50 in which a path stands: 1, 51, 101, …"""
    return (int(root(path)) - 1) // WINDOW * WINDOW + 1


def window_paths(first: int) -> tuple[str, str]:
    """Where the paths of a window begin, and where they end (not included)."""
    return below("", first), below("", first + WINDOW)
