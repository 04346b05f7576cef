"""What a comment looks like from afar, and what the form and the writer's fields say."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from comments.classifier import tokens

LONG = 3, 6, 10, 16, 25, 40, 70, 120  # words
NAME = 245  # characters
SLOW = 3, 10, 30, 120, 600  # seconds
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w")
TYPED_LINK = re.compile(r"<a\s|\[url", re.IGNORECASE)


def of(body: str, text: tokens.Text, links: int) -> Iterator[str]:
    """The names of what is seen of a text without reading it."""
    body = tokens.excerpt(body)
    links = max(links, len(text.links))
    yield f"links:{min(links, 4)}"
    if links:
        yield "links:some"
    yield f"length:{step(len(text.words), LONG)}"
    yield f"exclamations:{step(body.count('!'), (1, 2, 4))}"
    yield f"digits:{step(sum(map(str.isdigit, body)), (1, 3, 7))}"
    yield f"lines:{step(body.count(chr(10)), (1, 3))}"
    yield from _letters(body)
    yield from _marks(body, text)


def _letters(body: str) -> Iterator[str]:
    letters = [one for one in body if one.isalpha()]
    if len(letters) < 6:
        yield "letters:few"
        return
    part = sum(map(str.isupper, letters)) / len(letters)
    yield f"capitals:{step(part, (0.02, 0.1, 0.3, 0.6))}"
    if sum(map(str.isascii, letters)) < 0.7 * len(letters):
        yield "script:other"


def _marks(body: str, text: tokens.Text) -> Iterator[str]:
    if "?" in body:
        yield "has:question"
    if any(sign in body for sign in "$€£"):
        yield "has:money"
    if TYPED_LINK.search(body):
        yield "has:typed link"
    if EMAIL.search(body):
        yield "has:email"
    if any(unicodedata.category(one) == "So" for one in body):
        yield "has:emoji"
    if tokens.HIDDEN.search(body):
        yield "has:hidden"
    if len(text.words) > 5 and len(set(text.words)) < 0.6 * len(text.words):
        yield "has:repetition"


def form(is_first: bool | None, seconds: float | None, is_answer: bool) -> Iterator[str]:
    """What the form knows; nothing for what is not known."""
    if is_first is not None:
        yield f"first:{'yes' if is_first else 'no'}"
    if seconds is not None:
        yield f"seconds:{step(seconds, SLOW)}"
    if is_answer:
        yield "answer:yes"


def writer(author: str, email: str, url: str) -> Iterator[str]:
    """What the name, the e-mail address and the website say."""
    name = unicodedata.normalize("NFKC", author[:NAME])[:NAME]
    words = tokens.TOKEN.findall(name)
    yield from (f"name:{tokens.plain(one)}" for one in islice(words, 8))
    yield f"name words:{min(len(name.split()), 4)}"
    if any(map(str.isdigit, name)):
        yield "name has:digits"
    if tokens.LINK.search(name):
        yield "name has:address"
    if "@" in email:
        yield f"email:{email.rpartition('@')[2].casefold()[:80]}"
    if url:
        yield "website:some"
        yield from (f"website {one}" for one in tokens.sites([url]))


def step(number: float, steps: tuple[float, ...]) -> int:
    """How many of the ascending `steps` a number has reached."""
    return sum(number >= one for one in steps)
