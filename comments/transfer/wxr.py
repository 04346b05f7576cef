"""Reading WordPress eXtended RSS, version 1.2 and before, as WordPress exports it."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comments.transfer import entries, formatting, stream
from comments.transfer.report import Report
from comments.transfer.stream import Group, Refused

NAMESPACES = {
    "{http://purl.org/rss/1.0/modules/content/": "content:",
    "{http://purl.org/dc/elements/1.1/": "dc:",
}
WORDPRESS = re.compile(r"\{http://wordpress\.org/export/[\d.]+/(excerpt/)?")

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
LONGEST_EMAIL = 254
AGENT_KEYS = ("user_agent", "comment_agent")


@lru_cache(stream.MOST_NAMES)
def short(tag: str) -> str:
    """`{http://wordpress.org/export/1.2/}post_id` as `wp:post_id`, whatever the file calls it."""
    space, _, name = tag.rpartition("}")
    if wordpress := WORDPRESS.fullmatch(space):
        return f"excerpt:{name}" if wordpress[1] else f"wp:{name}"
    return NAMESPACES.get(space, f"{space}}}" if space else "") + name


FORM = stream.Form(
    name="a WordPress export (WXR)",
    root="rss",
    groups={
        "channel": "rss",
        "wp:author": "channel",
        "wp:category": "channel",
        "wp:tag": "channel",
        "item": "channel",
        "wp:comment": "item",
        "wp:commentmeta": "wp:comment",
    },
    wanted=frozenset(
        "title link pubDate category dc:creator guid content:encoded excerpt:encoded "
        "wp:wxr_version wp:base_blog_url wp:author_id wp:author_login wp:author_email "
        "wp:author_display_name wp:category_nicename wp:category_parent wp:cat_name "
        "wp:category_description wp:tag_slug wp:tag_name wp:tag_description wp:post_id "
        "wp:post_date wp:post_date_gmt wp:post_modified wp:post_modified_gmt wp:comment_status "
        "wp:post_name wp:status wp:post_type wp:post_password wp:comment_id wp:comment_author "
        "wp:comment_author_email wp:comment_author_url wp:comment_author_IP wp:comment_date "
        "wp:comment_date_gmt wp:comment_content wp:comment_approved wp:comment_type "
        "wp:comment_parent wp:comment_user_id wp:comment_agent wp:meta_key wp:meta_value".split()
    ),
    unit="item",
    short=short,
)


def read(file: BinaryIO, report: Report) -> Iterator[entries.Entry]:
    """Yields the source, then its authors and terms, then the posts, in the order of the file.

    What is no post, page or comment is left out and counted in `report`.

    Raises:
        Refused: after all that stands complete before the fault was yielded.
    """
    reader = Reader(report)
    for group in stream.groups(file, FORM):
        yield from reader.made_of(group)


class Reader:
    """Makes entries of the groups of one file; remembers who wrote in it."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.source: entries.Source | None = None
        self.host = ""
        self.authors: dict[str, entries.Author] = {}

    def made_of(self, group: Group) -> Iterator[entries.Entry]:
        if not self.source and (group.name == "channel" or group.above.name == "channel"):
            self.source = _source(group.above or group)
            self.host = _host(self.source.key)
            yield self.source
        match group.name:
            case "wp:author":
                yield self._author(group)
            case "wp:category":
                yield _category(group)
            case "wp:tag":
                yield _tag(group)
            case "item":
                yield from self._post(group)
            case "wp:comment":
                self._remark(group)
            case "wp:commentmeta" if group.text("wp:meta_key") in AGENT_KEYS:
                group.above["wp:comment_agent"] = group.text("wp:meta_value")

    def _author(self, group: Group) -> entries.Author:
        login = group.text("wp:author_login")
        author = entries.Author(
            login=login,
            email=_email(group.text("wp:author_email"), login, self.host),
            name=formatting.plain(group.text("wp:author_display_name")) or login,
            id=group.text("wp:author_id"),
        )
        self.authors[login] = author
        return author

    def _writer(self, login: str) -> entries.Author:
        """Who wrote a post; older exports, and those of parts of a blog, do not list everybody."""
        if login not in self.authors:
            name = login or self.source.title or self.host
            self.authors[login] = entries.Author(login, _email("", login, self.host), name)
        return self.authors[login]

    def _remark(self, group: Group) -> None:
        kind = group.text("wp:comment_type")
        if kind in ("", "comment"):
            group.above.below.append(_remark(group))
        else:
            self.report.left_out[COMMENT_TYPES.get(kind, "comments of other kinds")] += 1

    def _post(self, item: Group) -> Iterator[entries.Post]:
        kind = item.text("wp:post_type") or "post"
        why = UNFINISHED.get(item.text("wp:status"))
        if kind not in ("post", "page"):
            why = POST_TYPES.get(kind, "entries of other kinds")
        if why:
            self.report.left_out[why] += 1
            self.report.left_out["comments on what was left out"] += len(item.below)
            return
        if item.text("wp:post_password"):
            self.report.changed["posts with a password, which are drafts here"] += 1
        yield _post(item, kind, self._writer(item.text("dc:creator")))


def _source(channel: Group) -> entries.Source:
    if not channel.text("wp:wxr_version"):
        raise Refused(f"it is a feed, but not {FORM.name}")
    if not (address := channel.text("wp:base_blog_url")):
        raise Refused("it does not say which blog it is from (wp:base_blog_url)")
    return entries.Source(f"wxr:{address}", formatting.plain(channel.text("title")))


def _host(key: str) -> str:
    try:
        return urlsplit(key.removeprefix("wxr:")).hostname or ""
    except ValueError:
        return ""


def _email(given: str, login: str, host: str) -> str:
    """The address given, or one that reaches nobody and is the same each time."""
    for address in (given, f"{login or 'author'}@{host}.invalid"):
        try:
            validate_email(address)
        except ValidationError:
            continue
        if len(address) <= LONGEST_EMAIL:
            return address
    return hashlib.sha256(login.encode()).hexdigest()[:16] + "@wordpress.invalid"


def _category(group: Group) -> entries.Category:
    return entries.Category(
        slug=unquote(group.text("wp:category_nicename")),
        name=formatting.plain(group.text("wp:cat_name")),
        parent=unquote(group.text("wp:category_parent")),
        description=formatting.plain(group.text("wp:category_description")),
    )


def _tag(group: Group) -> entries.Tag:
    return entries.Tag(
        slug=unquote(group.text("wp:tag_slug")),
        name=formatting.plain(group.text("wp:tag_name")),
        description=formatting.plain(group.text("wp:tag_description")),
    )


def _post(item: Group, kind: str, author: entries.Author) -> entries.Post:
    public = item.text("wp:status") in PUBLISHED and not item.text("wp:post_password")
    terms = list(_terms(item))
    return entries.Post(
        id=item.text("wp:post_id") or item.text("guid") or item.text("link"),
        kind=kind,
        status="published" if public else "draft",
        title=formatting.plain(item.text("title")),
        slug=unquote(item.text("wp:post_name")),
        body=formatting.article(item.get("content:encoded", "")),
        author=author,
        excerpt=formatting.plain(item.text("excerpt:encoded")),
        published_at=_moment(item, "wp:post_date") or _mailed(item.text("pubDate")),
        updated_at=_moment(item, "wp:post_modified"),
        comments_open=item.text("wp:comment_status") == "open",
        categories=tuple(term for term in terms if isinstance(term, entries.Category)),
        tags=tuple(term for term in terms if isinstance(term, entries.Tag)),
        remarks=item.below,
    )


def _terms(item: Group) -> Iterator[entries.Category | entries.Tag]:
    kinds = {"category": entries.Category, "post_tag": entries.Tag, "tag": entries.Tag}
    for attributes, name in item.terms:
        kind = kinds.get(attributes.get("domain", ""))
        if attributes[""] == "category" and kind:
            yield kind(unquote(attributes.get("nicename", "")), formatting.plain(name))


def _remark(group: Group) -> entries.Remark:
    return entries.Remark(
        id=group.text("wp:comment_id"),
        body=formatting.typed(group.get("wp:comment_content", "")),
        name=formatting.decoded(group.text("wp:comment_author")),
        email=group.text("wp:comment_author_email"),
        url=formatting.decoded(group.text("wp:comment_author_url")),
        parent=_some(group.text("wp:comment_parent")),
        user=_some(group.text("wp:comment_user_id")),
        status=COMMENT_STATUSES.get(group.text("wp:comment_approved"), "pending"),
        written_at=_moment(group, "wp:comment_date"),
        address=group.text("wp:comment_author_IP"),
        user_agent=group.text("wp:comment_agent"),
    )


def _some(key: str) -> str:
    return "" if key == "0" else key


def _moment(group: Group, name: str) -> datetime | None:
    """When it was, in UTC; WordPress writes `0000-00-00 00:00:00` where it does not know."""
    for text in (group.text(f"{name}_gmt"), group.text(name)):
        try:
            moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            continue
        if _is_likely(moment):
            return moment
    return None


def _mailed(text: str) -> datetime | None:
    """A date as e-mails and feeds have it, RFC 822."""
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if _is_likely(moment) else None


def _is_likely(moment: datetime) -> bool:
    """Whether the year has four digits in every time zone, as addresses need them."""
    return 1000 < moment.year < 9999
