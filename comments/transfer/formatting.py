"""WordPress stores HTML that it completes when it shows it. Here that is done once.

A post without block mark-up gets its paragraphs, as WordPress's wpautop gives them; a comment
becomes what its writer would have typed here. Nothing is made safe in this module: `blog.markup`
and `comments.markup` do that, for everybody. Every step takes time in proportion to the text.
"""

import html as entities
import re
from collections import Counter

import nh3
from django.utils.html import escape

from comments import markup, text

VERBATIM = frozenset("pre script style textarea".split())
LINES = frozenset("caption dt figcaption h1 h2 h3 h4 h5 h6 legend p summary".split())
FLOW = frozenset(
    "address article aside blockquote center dd details div fieldset footer form header li main "
    "section td th".split()
)
STRUCTURE = frozenset("dl figure hr nav ol table tbody tfoot thead tr ul".split())
BLOCKS = VERBATIM | LINES | FLOW | STRUCTURE
# These close one another, so they nest only inside something that is counted.
UNCOUNTED = frozenset(
    "area base br col dd dt embed hr img input li link meta optgroup option p param source tbody "
    "td tfoot th thead tr track wbr".split()
)
MOST_LEVELS = 1_000  # a parser's time grows with the square of these
LONGEST_ADDRESS = 2_000  # of a link that a comment may have, see `comments.markup`
MOST_BLOCKS = 100  # inside each other; deeper, a text keeps the paragraphs that it has

TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b([^<>]*)>", re.IGNORECASE)
BLOCK = re.compile(rf"(</?(?:{'|'.join(sorted(BLOCKS))})\b[^<>]*>)", re.IGNORECASE)
ANY_TAG = re.compile(r"(<[^<>]*>)")
FOREIGN = re.compile(r"<(?:math|svg)\b", re.IGNORECASE)  # where all nests in all
BLANK_LINE = re.compile(r"\n\s*\n")
BREAK = re.compile(r"<br\s*/?>[ \t]*\n?", re.IGNORECASE)
SOURCE = re.compile(r"""\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
FRAME = re.compile(r"<iframe\b[^<>]*>", re.IGNORECASE)
HEADING = re.compile(r"(</?)h1\b", re.IGNORECASE)
CAPTION = re.compile(r"\[(/?)caption\b[^\][<>]*\]")
PICTURE = re.compile(r"((?:<a\b[^<>]*>)?<img\b[^<>]*>(?:</a>)?)\s*(.+)", re.IGNORECASE | re.DOTALL)
WEB_ADDRESS = re.compile(r"""https?://[^\s<>"']+""")
EMBED = re.compile(r"""(<div class="wp-block-embed__wrapper">)([^<>]*)(?=</div>)""")
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)

SHOWN = markup.INLINE_TAGS | {"a", "blockquote", "br"}  # tags that a comment may be typed with
SHOWN_TAG = re.compile(rf"<(?=/?(?:{'|'.join(sorted(SHOWN))})\b)", re.IGNORECASE)
SAME = {"strike": "s", "tt": "code"} | {tag: tag for tag in SHOWN - {"a", "br"}}
PARTS = frozenset("div h1 h2 h3 h4 h5 h6 ol p table tr ul".split())
WRAPPERS = frozenset(
    "abbr acronym address big center dd dl dt font ins label small span tbody td th u".split()
)
FENCE = "~~~~"


# A title, a name


def plain(html: str) -> str:
    """The words of `html` on one line, without its tags."""
    if deepest(html) <= MOST_LEVELS:
        html = entities.unescape(nh3.clean(html, tags=set()))
    return text.line(html)


# A post


def article(html: str) -> str:
    """The HTML of a post, whole as WordPress shows it; still to be cleaned."""
    whole = HEADING.sub(r"\1h2", FRAME.sub(_linked, html))  # the title of the post is its h1
    if "<!-- wp:" in whole:
        whole = EMBED.sub(lambda match: match[1] + _embedded(match[2]), whole)
    else:
        whole = paragraphs(whole)
    return whole if deepest(whole) <= MOST_LEVELS else f"<pre>{escape(html)}</pre>"


def deepest(html: str) -> int:
    """How deep the tags nest at most, were nothing mended."""
    opened: Counter[str] = Counter()
    uncounted = frozenset() if FOREIGN.search(html) else UNCOUNTED
    depth = most = 0
    for match in TAG.finditer(html):
        closing, name = match[1], match[2].lower()
        if name in uncounted or (closing and not opened[name]):
            continue
        step = -1 if closing else 1
        opened[name] += step
        depth += step
        most = max(most, depth)
    return most


def paragraphs(html: str) -> str:
    """`html` with paragraphs where it has blank lines, and line breaks where it has line ends."""
    html = CAPTION.sub(r"<\1figure>", _without_comments(html.replace("\r\n", "\n")))
    done: list[str] = []
    around: list[str] = []  # the blocks that are open
    for index, part in enumerate(BLOCK.split(html)):
        if index % 2:
            done.append(part)
            _enter(around, part)
        else:
            done.append(_flowing(part, around))
        if len(around) > MOST_BLOCKS:
            return html
    return "".join(done)


def _without_comments(html: str) -> str:
    kept = []
    while html:
        before, opening, html = html.partition("<!--")
        kept.append(before)
        html = html.partition("-->")[2] if opening else ""
    return "".join(kept)


def _enter(around: list[str], tag: str) -> None:
    """Notes that a block begins or ends; one that was never closed ends with those around it."""
    match = TAG.match(tag)
    if not match or (name := match[2].lower()) == "hr":
        return
    if around and around[-1] in VERBATIM and not (match[1] and name == around[-1]):
        return
    if match[1]:
        if name in around:
            del around[len(around) - 1 - around[::-1].index(name) :]
        return
    if around and (around[-1] == "p" or around[-1] == name == "li"):
        around.pop()
    around.append(name)


def _flowing(part: str, around: list[str]) -> str:
    """Text between two tags of blocks, completed as its place among them asks."""
    place = around[-1] if around else ""
    if not part.strip():
        return part
    if place == "figure":
        return PICTURE.sub(r"\1<figcaption>\2</figcaption>", part.strip())
    if place in VERBATIM or place in STRUCTURE:
        return part
    pieces = [_broken(_embedded(piece)) for piece in BLANK_LINE.split(part.strip())]
    if place in ("", "blockquote") or (place in FLOW and len(pieces) > 1):
        return "\n" + "\n".join(f"<p>{piece}</p>" for piece in pieces) + "\n"
    return "</p>\n<p>".join(pieces) if place == "p" else "<br>\n".join(pieces)


def _broken(piece: str) -> str:
    """`piece` with its line ends as line breaks, but for those inside of tags."""
    parts = ANY_TAG.split(BREAK.sub("\n", piece))
    parts[::2] = [part.replace("\n", "<br>\n") for part in parts[::2]]
    return "".join(parts)


def _embedded(piece: str) -> str:
    """A link, where it is an address alone: WordPress would show there what it leads to."""
    address = piece.strip().removeprefix("[embed]").removesuffix("[/embed]")
    if WEB_ADDRESS.fullmatch(address):
        return f'<a href="{address}">{address}</a>'
    return piece


def _linked(tag: re.Match[str]) -> str:
    """A frame from elsewhere as a link to what it shows."""
    address = _address(tag[0])
    return f'<a href="{escape(address)}">{escape(address)}</a>' if address else tag[0]


def _address(attributes: str) -> str:
    """The web address that a tag leads to or shows, fit to stand between quotation marks."""
    if not (match := SOURCE.search(attributes)):
        return ""
    address = decoded(match[1] or match[2] or match[3] or "").strip()
    address = f"https:{address}" if address.startswith("//") else address
    for mark in "\"'<> ":
        address = address.replace(mark, f"%{ord(mark):X}")
    fits = len(address) <= LONGEST_ADDRESS and not re.search(r"\s", address)
    return address if fits and markup.LINK.match(address) else ""


# A comment


def decoded(html: str) -> str:
    """`html` with the characters that its entities stand for, decoded once."""
    return ENTITY.sub(lambda entity: entities.unescape(entity[0]), html)


def typed(html: str) -> str:
    """What somebody would type here to say the same as the HTML of a comment.

    The tags that a guest may use stay, without their attributes; the others become what they look
    like, or stay as letters where they look like nothing.
    """
    html = BREAK.sub("\n", html.replace("\r\n", "\n"))
    writer = _Writer()
    at = 0
    for tag in TAG.finditer(html):
        writer.words(html[at : tag.start()])
        writer.tag(tag)
        at = tag.end()
    writer.words(html[at:])
    return re.sub(r"\n{3,}", "\n\n", "".join(writer.parts)).strip()


class _Writer:
    """Writes down words and tags, one after the other."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.in_code = False
        self.in_link = False
        self.bullet = "- "

    def words(self, html: str) -> None:
        words = decoded(html)
        if not self.in_code:  # where spaces at the start of a line show nothing
            words = re.sub(r"\n[ \t]+", "\n", words)
            words = SHOWN_TAG.sub(r"\\<", words)  # it was typed as letters, not as a tag
        self.parts.append(words)

    def tag(self, tag: re.Match[str]) -> None:
        closing, name = bool(tag[1]), tag[2].lower()
        if name == "pre":
            self.in_code = not closing
            self.parts.append(f"\n{FENCE}\n\n" if closing else f"\n\n{FENCE}\n")
        elif name == "a":
            self.link(closing, _address(tag[3]))
        elif name in SAME and not self.in_code:
            self.parts.append(f"<{tag[1]}{SAME[name]}>")
        elif name == "li":
            self.parts.append("" if closing else f"\n{self.bullet}")
        elif name in PARTS:
            self.bullet = "1. " if name == "ol" else "- "
            self.parts.append("\n\n")
        elif name in ("iframe", "img"):
            self.parts.append("" if closing else f" {_address(tag[3])} ")
        elif name == "br":
            self.parts.append("\n")
        elif name not in WRAPPERS and name not in SAME:
            self.parts.append(tag[0])

    def link(self, closing: bool, address: str) -> None:
        if closing and self.in_link:
            self.parts.append("</a>")
            self.in_link = False
        elif not closing and address and not self.in_link and not self.in_code:
            self.parts.append(f'<a href="{address}">')
            self.in_link = True
