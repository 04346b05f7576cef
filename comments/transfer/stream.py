"""Reading an XML export as a stream: its larger elements one by one, each as a flat set of texts.

Such a file may come from anywhere. It is refused when it defines anything (a DOCTYPE, entities) and
when it is of no natural size: the parser needs memory for a whole tag, for each different name and
for each level. What is held at any moment is one unit, a post with its comments.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from sys import getsizeof
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

PIECE = 65_536  # bytes read at once
LONGEST_TEXT = 2 * 1024**2  # characters of one element
LARGEST_UNIT = 128 * 1024**2  # bytes of memory: 100,000 comments of 700 characters
WEIGHT = 600  # bytes of memory that a group needs, however little it says
SHORT = 100  # bytes of memory of a text that is in the weight of its group
MOST_NAMES = 1_000
MOST_LEVELS = 50
# Control characters, which XML forbids and some programs export all the same, as bytes of UTF-8.
CONTROLS = bytes(set(range(32)) - {9, 10, 13})
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Refused(Exception):
    """The file is not one that can be read to its end; the message says why and where."""


@dataclass(frozen=True)
class Form:
    """What an export looks like."""

    name: str  # "a WordPress export (WXR)"
    root: str
    groups: Mapping[str, str]  # the elements that hold texts, and the element each stands in
    wanted: frozenset[str]  # the texts that are kept
    unit: str  # the group before which all may be forgotten that came earlier
    short: Callable[[str], str] = str  # the name of an element, from `{namespace}name`


class Group(dict[str, str]):
    """An element by the texts of its children; the last one, where several have a name."""

    def __init__(self, name: str, level: int, above: "Group | None") -> None:
        super().__init__()
        self.name, self.level, self.above = name, level, above
        self.terms: list[tuple[dict[str, str], str]] = []  # the children that have attributes
        self.below: list[Any] = []  # for the reader, who makes something of the groups inside

    def text(self, name: str) -> str:
        return self.get(name, "").strip()


def groups(file: BinaryIO, form: Form) -> Iterator[Group]:
    """Yields each group when it ends: those that stand inside a group before it.

    Raises:
        Refused: after all that ended before the fault was yielded.
    """
    document = Document(form)
    parser = DefusedXMLParser(target=document, forbid_dtd=True)
    piece = file.read(PIECE)
    controls = b"" if piece.startswith(UTF_16) else CONTROLS
    idle = 0
    while True:
        before = document.events
        fault = _feed(parser, document, piece.translate(None, controls))
        yield from document.taken()
        idle = 0 if document.events > before else idle + len(piece)
        if idle > LONGEST_TEXT:
            fault = Refused("it has a tag or an XML comment that is longer than anybody writes")
        if fault:
            raise fault
        if not piece:
            return
        piece = file.read(PIECE)


def _feed(parser: DefusedXMLParser, document: "Document", piece: bytes) -> Refused | None:
    """Parses a piece of the file, or its end where the piece is empty; answers what is wrong."""
    try:
        parser.feed(piece) if piece else parser.close()
    except DefusedXmlException:
        return Refused("it has a DOCTYPE or entities, which no export has and which can do harm")
    except ParseError as error:
        words, line = str(error).partition(":")[0], error.position[0]
        if not document.events:
            return Refused(f"it is not XML ({words}, line {line})")
        return Refused(f"its XML is broken at line {line} ({words})")
    except Refused as refused:
        return Refused(f"{refused} (line {parser.parser.CurrentLineNumber})")
    except (LookupError, ValueError):
        return Refused("it is not XML in any encoding that is known here")
    return None


class Document:
    """The target of the parser: keeps what is wanted of what it is told, and forgets the rest."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.events = 0
        self.size = 0  # of what was kept since the unit began
        self.names: set[str] = set()
        self.levels: list[str] = []
        self.open: list[Group] = []
        self.texts: list[str] = []  # of the child that is being read,
        self.text_level = 0  # which stands here; 0 where there is none
        self.text_length = 0
        self.attributes: dict[str, str] = {}
        self.ready: list[Group] = []

    def taken(self) -> list[Group]:
        """The groups that ended since this was last asked."""
        ready, self.ready = self.ready, []
        return ready

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.events += 1
        name, above = self.form.short(tag), self.levels[-1] if self.levels else ""
        self._check(name, attributes)
        self.levels.append(name)
        level = len(self.levels)
        if self.text_level:
            return
        if self.form.groups.get(name) == above:
            self.size = 0 if name == self.form.unit else self.size
            self._weigh(WEIGHT)
            self.open.append(Group(name, level, self.open[-1] if self.open else None))
        elif self.open and level == self.open[-1].level + 1 and name in self.form.wanted:
            self.texts, self.text_level, self.text_length = [], level, 0
            self.attributes = attributes
            self._weigh(sum(map(getsizeof, attributes.values())))

    def data(self, words: str) -> None:
        self.events += 1
        if self.text_level:
            self.texts.append(words)
            self.text_length += len(words)
            if self.text_length > LONGEST_TEXT:
                raise Refused(f"it has a text of more than {LONGEST_TEXT:,} characters")

    def end(self, tag: str) -> None:
        self.events += 1
        level, name = len(self.levels), self.levels.pop()
        if level == self.text_level:
            self._keep(name, "".join(self.texts))
        elif self.open and level == self.open[-1].level:
            self.ready.append(self.open.pop())

    def start_ns(self, prefix: str, uri: str) -> None:
        self.names.update([f"xmlns:{prefix}", uri])

    def close(self) -> None:
        """The parser calls it at the end of the file."""

    def _keep(self, name: str, text: str) -> None:
        size = getsizeof(text)
        self._weigh(size if size > SHORT else 0)
        if self.attributes:
            self.open[-1].terms.append((self.attributes | {"": name}, text))
        self.open[-1][name] = text
        self.texts, self.text_level = [], 0

    def _check(self, name: str, attributes: dict[str, str]) -> None:
        self.names.update([name, *attributes])
        if not self.levels and name != self.form.root:
            raise Refused(f"it is XML, but not {self.form.name}")
        if len(self.levels) >= MOST_LEVELS or len(self.names) > MOST_NAMES:
            raise Refused(f"it is not {self.form.name}: it has too many or too deep tags")

    def _weigh(self, size: int) -> None:
        self.size += size
        if self.size > LARGEST_UNIT:
            raise Refused("it has a post or a list that is too large for the memory")
