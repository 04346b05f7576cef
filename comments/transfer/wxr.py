"""Reading WordPress eXtended RSS, version 1.2 and before, as WordPress exports it.

The file is parsed as a stream: what is held at any moment is one post with its comments. It may come
from anywhere, so it is refused when it defines anything (a DOCTYPE, entities) or is of no natural
size: expat needs memory for a whole tag, for each different name and for each level.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from sys import getsizeof
from typing import BinaryIO
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comments.transfer import entries, formatting
from comments.transfer.report import Report

PIECE = 65_536  # bytes read at once
LONGEST_TEXT = 2 * 1024**2  # characters of one element
LARGEST_POST = 96 * 1024**2  # bytes of memory, with all its comments
WEIGHT = 500  # bytes that anything needs, however little it says
MOST_NAMES = 1_000
MOST_LEVELS = 50
# Control characters, which XML forbids and some plug-ins of WordPress export, as bytes of UTF-8.
CONTROLS = bytes(set(range(32)) - {9, 10, 13})
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

NAMESPACES = {
    "{http://purl.org/rss/1.0/modules/content/": "content:",
    "{http://purl.org/dc/elements/1.1/": "dc:",
}
WORDPRESS = re.compile(r"\{http://wordpress\.org/export/[\d.]+/(excerpt/)?")
GROUPS = {  # elements that hold others, and where they stand
    "channel": "rss",
    "wp:author": "channel",
    "wp:category": "channel",
    "wp:tag": "channel",
    "item": "channel",
    "wp:comment": "item",
    "wp:commentmeta": "wp:comment",
}
WANTED = frozenset(
    "title link pubDate category dc:creator guid content:encoded excerpt:encoded wp:wxr_version "
    "wp:base_blog_url wp:author_id wp:author_login wp:author_email wp:author_display_name "
    "wp:category_nicename wp:category_parent wp:cat_name wp:category_description wp:tag_slug "
    "wp:tag_name wp:tag_description wp:post_id wp:post_date wp:post_date_gmt wp:post_modified "
    "wp:post_modified_gmt wp:comment_status wp:post_name wp:status wp:post_type wp:post_password "
    "wp:comment_id wp:comment_author wp:comment_author_email wp:comment_author_url "
    "wp:comment_author_IP wp:comment_date wp:comment_date_gmt wp:comment_content "
    "wp:comment_approved wp:comment_type wp:comment_parent wp:comment_user_id wp:comment_agent "
    "wp:meta_key wp:meta_value".split()
)

PUBLISHED = ("publish", "future")  # posts; all others are drafts
UNFINISHED = {"trash": "posts in the trash", "auto-draft": "empty drafts", "inherit": "revisions"}
POST_TYPES = {
    "attachment": "media files",
    "revision": "revisions",
    "nav_menu_item": "menu entries",
    "wp_block": "reusable blocks",
    "wp_navigation": "menus",
    "wp_global_styles": "style settings",
}
COMMENT_TYPES = {
    "pingback": "pingbacks",
    "trackback": "trackbacks",
    "webmention": "webmentions",
    "note": "editors’ notes",
}
COMMENT_STATUSES = {
    "1": "published",
    "approved": "published",
    "spam": "spam",
    "trash": "removed",
    "post-trashed": "removed",
}  # all others: pending
TAGS = ("post_tag", "tag")
AGENT_KEYS = ("user_agent", "comment_agent")


class Refused(Exception):
    """The file is not one that can be read to its end; the message says why and where."""


def read(file: BinaryIO, report: Report) -> Iterator[entries.Entry]:
    """Yields the source, then its authors and terms, then the posts, in the order of the file.

    What is no post, page or comment is left out and counted in `report`.

    Raises:
        Refused: after all that stands complete before the fault was yielded.
    """
    document = Document(report)
    parser = DefusedXMLParser(target=document, forbid_dtd=True)
    piece = file.read(PIECE)
    controls = b"" if piece.startswith(UTF_16) else CONTROLS
    idle = 0
    while True:
        before = document.events
        fault = _feed(parser, piece.translate(None, controls))
        yield from document.taken()
        idle = 0 if document.events > before else idle + len(piece)
        if idle > LONGEST_TEXT:
            fault = Refused("it has a tag or an XML comment that is longer than anybody writes")
        if fault:
            raise fault
        if not piece:
            return
        piece = file.read(PIECE)


def _feed(parser: DefusedXMLParser, piece: bytes) -> Refused | None:
    """Parses a piece of the file, or its end where the piece is empty; answers what is wrong."""
    document = parser.target
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


class Group(dict[str, str]):
    """The texts of an element's children by their names, and what stands in groups below it."""

    def __init__(self, name: str, level: int) -> None:
        super().__init__()
        self.name, self.level = name, level
        self.terms: list[tuple[str, str, str]] = []  # domain, nicename, name
        self.remarks: list[entries.Remark] = []

    def text(self, name: str) -> str:
        return self.get(name, "").strip()


class Document:
    """The target of the parser: makes entries of what it is told, and forgets the rest."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.events = 0
        self.size = 0  # of what was kept since the last post began
        self.names: set[str] = set()
        self.levels: list[str] = []
        self.groups: list[Group] = []
        self.texts: list[str] = []  # of the child that is being read,
        self.text_level = 0  # which stands here; 0 where there is none
        self.text_length = 0
        self.term = ("", "")
        self.source: entries.Source | None = None
        self.host = ""
        self.authors: dict[str, entries.Author] = {}
        self.ready: list[entries.Entry] = []

    def taken(self) -> list[entries.Entry]:
        """The entries that became complete since this was last asked."""
        ready, self.ready = self.ready, []
        return ready

    # What the parser calls

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.events += 1
        name, above = short(tag), self.levels[-1] if self.levels else ""
        self._check(name, attributes)
        self.levels.append(name)
        if self.text_level:
            return
        if GROUPS.get(name) == above:
            self._open(name)
        elif self.groups and len(self.levels) == self.groups[-1].level + 1 and name in WANTED:
            self.texts, self.text_level, self.text_length = [], len(self.levels), 0
            self.term = attributes.get("domain", ""), attributes.get("nicename", "")
            self._weigh(WEIGHT + len(self.term[1]))

    def data(self, words: str) -> None:
        self.events += 1
        if self.text_level:
            self.texts.append(words)
            self.text_length += len(words)
            if self.text_length > LONGEST_TEXT:
                raise Refused(f"it has a text of more than {LONGEST_TEXT:,} characters")
            self._weigh(getsizeof(words))

    def end(self, tag: str) -> None:
        self.events += 1
        level = len(self.levels)
        name = self.levels.pop()
        if level == self.text_level:
            self._keep(name, "".join(self.texts))
            self.texts, self.text_level = [], 0
        elif self.groups and level == self.groups[-1].level:
            self._close(self.groups.pop())

    def close(self) -> None:
        pass

    # What it keeps

    def _check(self, name: str, attributes: dict[str, str]) -> None:
        self.names.update([name, *attributes])
        if not self.levels and name != "rss":
            raise Refused("it is XML, but not a WordPress export (WXR)")
        if len(self.levels) >= MOST_LEVELS or len(self.names) > MOST_NAMES:
            raise Refused("it is not a WordPress export (WXR): it has too many tags in each other")

    def _weigh(self, size: int) -> None:
        self.size += size
        if self.size > LARGEST_POST:
            raise Refused("it has a post that, with its comments, is too large for the memory")

    def _open(self, name: str) -> None:
        if name != "channel" and not self.source:
            self._begin()
        if name == "item":
            self.size = 0
        self._weigh(WEIGHT)
        self.groups.append(Group(name, len(self.levels)))

    def _keep(self, name: str, text: str) -> None:
        if name == "category":
            self.groups[-1].terms.append((*self.term, text))
        else:
            self.groups[-1][name] = text

    def _begin(self) -> None:
        """Takes from the head of the file which blog it is from."""
        channel = self.groups[0]
        if not channel.text("wp:wxr_version"):
            raise Refused("it is a feed, but not a WordPress export (WXR)")
        if not (address := channel.text("wp:base_blog_url")):
            raise Refused("it does not say which blog it is from (wp:base_blog_url)")
        self.source = entries.Source(f"wxr:{address}", formatting.plain(channel.text("title")))
        self.host = _host(address)
        self.ready.append(self.source)

    def _close(self, group: Group) -> None:
        match group.name:
            case "channel" if not self.source:
                self.groups.append(group)
                self._begin()
            case "wp:author":
                self._author(group)
            case "wp:category":
                self.ready.append(_category(group))
            case "wp:tag":
                self.ready.append(_tag(group))
            case "wp:commentmeta":
                if group.text("wp:meta_key") in AGENT_KEYS:
                    self.groups[-1]["wp:comment_agent"] = group.text("wp:meta_value")
            case "wp:comment":
                self._remark(group)
            case "item":
                self._post(group)

    def _author(self, group: Group) -> None:
        login = group.text("wp:author_login")
        self.authors[login] = entries.Author(
            login=login,
            email=_email(group.text("wp:author_email"), login, self.host),
            name=formatting.plain(group.text("wp:author_display_name")) or login,
            id=group.text("wp:author_id"),
        )
        self.ready.append(self.authors[login])

    def _writer(self, login: str) -> entries.Author:
        """Who wrote a post; older exports, and those of parts of a blog, do not list everybody."""
        if login not in self.authors:
            name = login or self.source.title or self.host
            self.authors[login] = entries.Author(login, _email("", login, self.host), name)
        return self.authors[login]

    def _remark(self, group: Group) -> None:
        kind = group.text("wp:comment_type")
        if kind in ("", "comment"):
            self.groups[-1].remarks.append(_remark(group))
        else:
            self.report.left_out[COMMENT_TYPES.get(kind, "comments of other kinds")] += 1

    def _post(self, item: Group) -> None:
        kind = item.text("wp:post_type") or "post"
        why = UNFINISHED.get(item.text("wp:status"))
        if kind not in ("post", "page"):
            why = POST_TYPES.get(kind, "entries of other kinds")
        if why:
            self.report.left_out[why] += 1
            self.report.left_out["comments on what was left out"] += len(item.remarks)
            return
        if item.text("wp:post_password"):
            self.report.changed["posts with a password, which became drafts"] += 1
        self.ready.append(_post(item, kind, self._writer(item.text("dc:creator"))))


@lru_cache(MOST_NAMES)
def short(tag: str) -> str:
    """`{http://wordpress.org/export/1.2/}post_id` as `wp:post_id`, whatever the file calls it."""
    space, _, name = tag.rpartition("}")
    if wordpress := WORDPRESS.fullmatch(space):
        return f"excerpt:{name}" if wordpress[1] else f"wp:{name}"
    return NAMESPACES.get(space, f"{space}}}" if space else "") + name


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _email(given: str, login: str, host: str) -> str:
    """The address given, or one that reaches nobody and is the same each time."""
    login = login or "author"
    made_up = hashlib.sha256(login.encode()).hexdigest()[:16] + "@wordpress.invalid"
    for address in (given, f"{login}@{host}.invalid"):
        try:
            validate_email(address)
        except ValidationError:
            continue
        return address
    return made_up


def _category(group: Group) -> entries.Category:
    return entries.Category(
        slug=_slug(group.text("wp:category_nicename")),
        name=formatting.plain(group.text("wp:cat_name")),
        parent=_slug(group.text("wp:category_parent")),
        description=formatting.plain(group.text("wp:category_description")),
    )


def _tag(group: Group) -> entries.Tag:
    return entries.Tag(
        slug=_slug(group.text("wp:tag_slug")),
        name=formatting.plain(group.text("wp:tag_name")),
        description=formatting.plain(group.text("wp:tag_description")),
    )


def _post(item: Group, kind: str, author: entries.Author) -> entries.Post:
    public = item.text("wp:status") in PUBLISHED and not item.text("wp:post_password")
    return entries.Post(
        id=item.text("wp:post_id") or item.text("guid") or item.text("link"),
        kind=kind,
        status="published" if public else "draft",
        title=formatting.plain(item.text("title")),
        slug=_slug(item.text("wp:post_name")),
        body=formatting.article(item.get("content:encoded", "")),
        author=author,
        excerpt=formatting.plain(item.text("excerpt:encoded")),
        published_at=_moment(item, "wp:post_date") or _mailed(item.text("pubDate")),
        updated_at=_moment(item, "wp:post_modified"),
        comments_open=item.text("wp:comment_status") == "open",
        categories=tuple(_terms(item, ("category",), entries.Category)),
        tags=tuple(_terms(item, TAGS, entries.Tag)),
        remarks=item.remarks,
    )


def _terms(item: Group, domains: tuple[str, ...], kind: type) -> Iterator:
    for domain, nicename, name in item.terms:
        if domain in domains and (nicename or name):
            yield kind(slug=_slug(nicename), name=formatting.plain(name))


def _remark(group: Group) -> entries.Remark:
    body = formatting.typed(group.get("wp:comment_content", ""))
    return entries.Remark(
        id=group.text("wp:comment_id"),
        body=body,
        name=formatting.decoded(group.text("wp:comment_author")),
        email=group.text("wp:comment_author_email"),
        url=formatting.decoded(group.text("wp:comment_author_url")),
        parent=group.text("wp:comment_parent").removeprefix("0"),
        user=group.text("wp:comment_user_id").removeprefix("0"),
        status=COMMENT_STATUSES.get(group.text("wp:comment_approved"), "pending"),
        written_at=_moment(group, "wp:comment_date"),
        address=group.text("wp:comment_author_IP"),
        user_agent=group.text("wp:comment_agent"),
    )


def _slug(nicename: str) -> str:
    return unquote(nicename)


def _moment(group: Group, name: str) -> datetime | None:
    """When it was, in UTC; WordPress writes `0000-00-00 00:00:00` for "not known"."""
    for text in (group.text(f"{name}_gmt"), group.text(name)):
        try:
            moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            continue
        return moment if _is_likely(moment) else None
    return None


def _mailed(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if _is_likely(moment) else None


def _is_likely(moment: datetime) -> bool:
    """Whether the year has four digits, as addresses need them, in every time zone."""
    return 1000 < moment.year < 9999
