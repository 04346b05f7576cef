"""From what was typed to what is shown: the one place where a guest's text becomes HTML.

Four steps, each bounded: CommonMark's essentials and a handful of HTML tags are parsed; bleach's
Cleaner (the owner's choice, no longer maintained) lets through a short list; nh3, which is
maintained, checks the same list again on what will be stored; citations (@3.1) become links.

bleach's linkifier is never used (it is quadratic and links `javascript:`); the Markdown parser
finds addresses. bleach and the parser need seconds for some shapes of text, so what no person
writes (thousands of brackets or tags) is shown as typed instead, and bleach never meets the
characters `<`, `>` and `&` of running text: private-use stand-ins take their places until it is
done.
"""

import re
import threading
from collections.abc import Collection, Mapping
from html import unescape
from itertools import accumulate

import bleach
import nh3
from django.utils.html import escape, strip_tags
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from comments import text as plain

INLINE_TAGS = frozenset("b cite code del em i kbd q s strong sub sup".split())
TAGS = INLINE_TAGS | frozenset("a blockquote br li ol p pre ul".split())
REL = "nofollow ugc noopener"

SHORT_TAG = re.compile(r"<[^<>]{0,300}>")
LINK = re.compile(r"(?:https?://[^\s/?#]|mailto:[^\s?]+@)", re.IGNORECASE)
TYPED_TAG = re.compile(r"<(/?)([a-z]+)\s*/?>\Z", re.IGNORECASE)
TYPED_LINK = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^\s"'>]{1,2000})[^>]*>\Z""", re.IGNORECASE)
CITED = re.compile(r"(?<![\w@/.])@((?:[1-9]\d{0,6})(?:\.[1-9]\d{0,6}){0,9})(?![\w@])")
LANGUAGE = re.compile(r"[a-z][a-z0-9+#.-]{0,19}")
EMPTY = re.compile(r"<(p|blockquote)>\s*</\1>\s*")
EDGE_BREAKS = re.compile(r"(?<=<p>)(?:<br>\n?)+|(?:<br>\n?)+(?=</p>)")
UNLINKED = re.compile(f'<a rel="{REL}">(.*?)</a>', re.DOTALL)  # its address was refused
AT = re.compile(r'<a class="at" href="#c([\d.]+)">')

PRE = '<pre tabindex="0" role="group" aria-label="Code">'  # it scrolls, so keys must reach it
STAND_INS = {"&": "\ue000", "<": "\ue001", ">": "\ue002", '"': "\ue003"}
HIDE = str.maketrans(STAND_INS)
SHOW = {ord(mark): str(escape(character)) for character, mark in STAND_INS.items()}
CITE, CITE_END = "\ue004", "\ue005"
MARKED = re.compile(f"{CITE}([^{CITE_END}]*){CITE_END}")

SPECIAL = re.compile(r"[\n*_`\[<>&@\\]")
MOST_SPECIALS = 1_500
MOST_LINKS = 200
A_LOT = 2_000  # characters that are not worth rendering to see whether anything shows
MOST_TOKENS = 2_500
MOST_LEVELS = 18


def render(typed: str, known: Collection[str] = ()) -> str:
    """The HTML of a comment.

    Args:
        typed: what was written, of any shape.
        known: the comment numbers ("3", "3.1") that `@` makes a link to; others stay text.
    """
    typed = plain.prose(typed)
    html = _parse(typed)
    html = EMPTY.sub("", EDGE_BREAKS.sub("", TOOLS.cleaner.clean(html))).translate(SHOW)
    html = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel=REL,
    )
    html = UNLINKED.sub(r"\1", html).replace("<pre>", PRE)
    return MARKED.sub(lambda match: _citation(match[1], known), html).strip()


def is_blank(typed: str) -> bool:
    """Whether a reader would see nothing of it: no letters, only marks of quotation, empty tags."""
    words = SHORT_TAG.sub("", typed)
    if any(one.isalnum() and one not in plain.BLANKS for one in words):
        return False
    if len(typed) > A_LOT:
        return plain.is_blank(words)
    return plain.is_blank(unescape(strip_tags(render(typed))))


def cited(typed: str) -> set[str]:
    """The numbers that a text may cite; `render` decides which of them stand as citations."""
    return set(CITED.findall(typed))


def citations(html: str) -> set[str]:
    """The numbers that a rendered comment cites."""
    return set(AT.findall(html))


def lead(html: str, hrefs: Mapping[str, str]) -> str:
    """`html` with the citations of the numbers in `hrefs` leading there, to another page."""
    if not hrefs or 'class="at"' not in html:
        return html
    return AT.sub(
        lambda at: f'<a class="at" href="{escape(hrefs[at[1]])}">' if at[1] in hrefs else at[0],
        html,
    )


def _citation(number: str, known: Collection[str]) -> str:
    return f'<a class="at" href="#c{number}">@{number}</a>' if number in known else f"@{number}"


def _parse(typed: str) -> str:
    """`typed` as HTML that is still to be cleaned; as it stands where its shape is no person's."""
    if typed.count("[") + typed.count("://") > MOST_LINKS:
        return _as_typed(typed)
    if len(SPECIAL.findall(typed)) > MOST_SPECIALS:
        return _as_typed(typed)
    parser = TOOLS.parser if "://" in typed else TOOLS.parser_without_links
    tokens = parser.parse(typed)
    inside = [child for token in tokens for child in token.children or ()]
    if len(tokens) + len(inside) > MOST_TOKENS:
        return _as_typed(typed)
    if _deepest(tokens) >= MOST_LEVELS or _deepest(inside) >= MOST_LEVELS:
        return _as_typed(typed)
    return parser.renderer.render(tokens, parser.options, {})


def _deepest(tokens: list[Token]) -> int:
    return max(accumulate((token.nesting for token in tokens), initial=0))


def _as_typed(typed: str) -> str:
    return f"<pre>{typed.translate(HIDE)}</pre>"


def _harmless(tag: str, name: str, value: str) -> bool:
    """Which attributes bleach lets through: absolute links, and where a list starts to count."""
    if tag == "a":
        return name == "href" and bool(LINK.match(value))
    return (tag, name) == ("ol", "start") and value.isdecimal()


def _guard(state: StateCore) -> None:
    """Parser step: hides special characters, keeps only allowed tags, marks citations."""
    quotes = 0
    for token in state.tokens:
        if token.type in ("fence", "code_block"):
            token.content, token.info = _code(token).translate(HIDE), ""
        elif token.type == "inline":
            token.children, quotes = _inline(token.children or [], quotes)


def _code(token: Token) -> str:
    """What a block of code holds; the name of its language is taken for one where code follows."""
    if LANGUAGE.fullmatch(token.info.strip()) and token.content.strip():
        return token.content
    return f"{token.info.strip()}\n{token.content}" if token.info.strip() else token.content


def _inline(children: list[Token], quotes: int) -> tuple[list[Token], int]:
    """The tokens of one paragraph, every tag closed where it was opened and none too deep.

    `quotes` counts the quotations typed as HTML that are open before it, and after it.
    """
    kept: list[Token] = []
    opened: list[str] = []
    for token in children:
        if token.type == "html_inline":
            token = _typed_tag(token, opened, quotes)
        if token.tag == "blockquote":
            quotes += token.nesting
        elif token.nesting == 1:
            opened.append(token.tag)
        elif token.nesting == -1:
            while opened and opened[-1] != token.tag:
                kept.append(_closing(opened.pop()))
            opened.pop()
        kept.append(token)
        _hide(token, in_link="a" in opened)
    return kept + [_closing(tag) for tag in reversed(opened)], quotes


def _closing(tag: str) -> Token:
    return Token(f"{tag}_tag", tag, -1)


def _hide(token: Token, *, in_link: bool) -> None:
    if token.type in ("text", "code_inline"):
        token.content = token.content.translate(HIDE)
    if token.type == "text" and not in_link:
        token.content = CITED.sub(rf"{CITE}\1{CITE_END}", token.content)


def _typed_tag(token: Token, opened: list[str], quotes: int) -> Token:
    """A tag that a guest typed: the tag itself where it is harmless and fits, else its letters."""
    tag, link = TYPED_TAG.match(token.content), TYPED_LINK.match(token.content)
    closing, name = (tag[1] == "/", tag[2].lower()) if tag else (False, "")
    if link and LINK.match(link[1]) and "a" not in opened:
        return Token("link_open", "a", 1, attrs={"href": link[1]})
    if name == "br":
        return Token("hardbreak", "br", 0)
    if name == "blockquote" and not opened and (quotes if closing else quotes < MOST_LEVELS):
        return Token("blockquote_tag", name, -1 if closing else 1)
    if closing and opened and opened[-1] == name:
        return _closing(name)
    if not closing and name in INLINE_TAGS:
        return Token(f"{name}_tag", name, 1)
    return Token("text", "", 0, content=token.content)


def _block_quote(self, tokens, index, options, env) -> str:
    """A quotation typed as HTML ends the paragraph in which it stands."""
    closing = tokens[index].nesting == -1
    return "</p></blockquote><p>" if closing else "</p><blockquote><p>"


def _parser(*, linkify: bool) -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark",
        {"html": True, "linkify": linkify, "breaks": True, "maxNesting": MOST_LEVELS + 2},
    )
    parser.disable(["heading", "lheading", "hr", "html_block", "reference", "image", "entity"])
    parser.enable("linkify")
    parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    parser.linkify.add("ftp:", None).add("//", None).add("mailto:", None)
    parser.validateLink = lambda url: bool(LINK.match(url))  # type: ignore[method-assign]
    parser.core.ruler.push("guard", _guard)
    parser.add_render_rule("blockquote_tag", _block_quote)
    return parser


class Tools(threading.local):
    """One set for each thread: the linkifier and bleach's Cleaner keep state while they work."""

    def __init__(self) -> None:
        self.parser = _parser(linkify=True)
        self.parser_without_links = _parser(linkify=False)  # looking for them is half the work
        self.cleaner = bleach.Cleaner(
            tags=TAGS,
            attributes=_harmless,
            protocols={"http", "https", "mailto"},
            strip_comments=False,
        )


TOOLS = Tools()
