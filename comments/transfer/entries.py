"""What the reader of a file yields: plain values, in the words of this blog.

First the source, then its people and terms, then the posts, each with what was said under it. A
reader says what a thing is (kind, status, moment); whether it fits is for `importing` to judge.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Source:
    """The blog that a file is from. `key` is the same for each of its exports: "wxr:https://…"."""

    key: str
    title: str = ""

    def digest(self, *facts: object) -> str:
        """64 characters that stand for something of this source: its id, and what kind it is of."""
        return hashlib.sha256(":".join(map(str, (self.key, *facts))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote posts; posts name the login, comments the id."""

    login: str
    email: str
    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    slug: str
    name: str
    parent: str = ""  # the slug of the one above
    description: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    slug: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment. Ids are the source's; they need not be there, nor be used only once."""

    id: str
    body: str  # as somebody would type it here
    name: str = ""
    email: str = ""
    url: str = ""
    parent: str = ""  # the id of the comment that it answers
    user: str = ""  # the id of the author who wrote it
    status: str = "pending"
    written_at: datetime | None = None
    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    id: str
    kind: str
    status: str
    title: str
    slug: str
    body: str  # HTML, not yet cleaned
    author: Author
    excerpt: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    comments_open: bool = True
    categories: tuple[Category, ...] = ()
    tags: tuple[Tag, ...] = ()
    remarks: list[Remark] = field(default_factory=list)


Entry = Source | Author | Category | Tag | Post
