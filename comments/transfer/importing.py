"""Bringing what a reader yields into the blog: people, terms, posts; `conversations` the rest.

Everything has a key that is made from what the source calls it. What has its key here already is
left as it is, so an import can be broken off anywhere and run again, and a newer export of the same
blog adds what is new. Each post comes with its whole conversation, in one transaction.
"""

import zlib
from collections.abc import Callable, Iterable
from typing import cast

from django.db import transaction
from django.db.models import CharField, Model
from django.utils import timezone
from django.utils.text import Truncator, slugify

from blog.models import Category, Post, Tag, User
from blog.models.post import RESERVED
from blog.slugs import unique_slug
from comments import text
from comments.transfer import entries, formatting
from comments.transfer.conversations import Conversation
from comments.transfer.report import Report


def bring(
    export: Iterable[entries.Entry], report: Report, step: Callable[[], None] = lambda: None
) -> None:
    """Brings over what is not here yet.

    Args:
        export: entries, as a reader yields them; the source first.
        report: counts what was done; right at any moment, also when the reader raises.
        step: called after each entry, and now and then during a long one.
    """
    importer = Importer(report, step)
    for entry in export:
        importer.take(entry)
        step()
    importer.finish()


class Importer:
    """One run: what was met so far, by what the source calls it."""

    def __init__(self, report: Report, step: Callable[[], None]) -> None:
        self.report, self.step = report, step
        self.source = entries.Source("")
        self.users: dict[str, User] = {}  # by login
        self.user_keys: dict[str, int] = {}  # by the source's id
        self.known: dict[str, entries.Category] = {}
        self.categories: dict[str, Category] = {}
        self.tags: dict[str, Tag] = {}
        self.posts: dict[str, str] = {}  # what tells posts apart that have the same id

    def take(self, entry: entries.Entry) -> None:
        match entry:
            case entries.Source():
                self.source = entry
                self.report.source = text.line(f"{entry.title} ({entry.key.partition(':')[2]})")
            case entries.Author():
                self.user(entry)
            case entries.Category():
                self.known.setdefault(slug_of(entry), entry)
            case entries.Tag():
                self.tag(entry)
            case entries.Post():
                self.finish()
                self.post(entry)

    def finish(self) -> None:
        """Makes the categories that were only announced: one may stand before the one above it."""
        while self.known:
            slug = next(iter(self.known))
            self.category(self.known.pop(slug))

    # People

    def user(self, author: entries.Author) -> User:
        """The user of an author: the one who has the address, or a new one who cannot log in."""
        if author.login not in self.users:
            user = User.objects.filter(email__iexact=author.email).first()
            self.report.already["authors"] += bool(user)
            self.users[author.login] = user or self._new_user(author)
            if author.id:
                self.user_keys[author.id] = self.users[author.login].pk
        return self.users[author.login]

    def _new_user(self, author: entries.Author) -> User:
        name = self.fitting(text.line(author.name) or author.login, User)
        self.report.made["authors"] += 1
        return User.objects.create_user(author.email, name=name)

    # Terms

    def category(self, entry: entries.Category) -> Category:
        """The category of an entry, with those above it, as the source's own list tells of them."""
        trail: list[tuple[str, entries.Category]] = []
        slug = slug_of(entry)
        while slug and slug not in self.categories:
            found = self.known.pop(slug, None) or (entry if not trail else None)
            if not found:  # never described, or it stands below itself
                break
            trail.append((slug, found))
            slug = slugify(found.parent, allow_unicode=True)
        above = self.categories.get(slug) or Category.objects.filter(slug=slug).first()
        for slug, found in reversed(trail):
            above = self.categories[slug] = self._category(slug, found, above)
        return self.categories[slug_of(entry)]

    def _category(self, slug: str, entry: entries.Category, above: Category | None) -> Category:
        if stored := Category.objects.filter(slug=slug).first():
            self.report.already["categories"] += 1
            return stored
        if above and len(above.path) + 1 + len(slug) > longest(Category, "path"):
            above = None
        self.report.made["categories"] += 1
        return Category.objects.create(
            slug=slug,
            parent=above,
            name=self.fitting(entry.name or slug, Category),
            description=entry.description,
        )

    def tag(self, entry: entries.Tag) -> Tag:
        slug = slug_of(entry)
        if slug not in self.tags:
            stored = Tag.objects.filter(slug=slug).first()
            self.report.already["tags"] += bool(stored)
            self.tags[slug] = stored or self._new_tag(slug, entry)
        return self.tags[slug]

    def _new_tag(self, slug: str, entry: entries.Tag) -> Tag:
        self.report.made["tags"] += 1
        name = self.fitting(entry.name or slug, Tag)
        return Tag.objects.create(slug=slug, name=name, description=entry.description)

    # Posts

    def post(self, entry: entries.Post) -> None:
        """Brings a post, or, where it is here, what was said under it since."""
        key = self._key(entry)
        stored = Post.objects.filter(import_key=key).first()
        conversation = Conversation(self, stored, entry)
        if stored and not conversation.fresh:
            self.report.already[f"{entry.kind}s"] += 1
            return
        with transaction.atomic():
            conversation.store(stored or self._new_post(entry, key))
        conversation.tell()
        (self.report.already if stored else self.report.made)[f"{entry.kind}s"] += 1

    def _key(self, entry: entries.Post) -> str:
        """What tells the post from all others; a file may give the same id to two."""
        facts = self.source.digest(entry.kind, entry.title, entry.slug, entry.published_at)
        if self.posts.setdefault(entry.id, facts) == facts:
            return self.source.digest(entry.id)
        return self.source.digest(entry.id, facts)

    def _new_post(self, entry: entries.Post, key: str) -> Post:
        post = Post(
            kind=entry.kind,
            status=entry.status,
            title=self.fitting(entry.title or untitled(entry.body), Post, "title"),
            excerpt=entry.excerpt,
            body=entry.body,
            author=self.user(entry.author),
            published_at=entry.published_at or timezone.now(),
            comments_open=entry.comments_open,
            import_key=key,
        )
        post.slug = self._slug(post, entry.slug)
        post.save()
        post.categories.add(*map(self.category, entry.categories))
        post.tags.add(*map(self.tag, entry.tags))
        if entry.updated_at:
            Post.objects.filter(pk=post.pk).update(updated_at=entry.updated_at)
        return post

    def _slug(self, post: Post, wanted: str) -> str:
        """The slug that the post had, where nothing else has its address."""
        wanted = slugify(wanted, allow_unicode=True)[:200]
        is_year = len(wanted) == 4 and wanted.isdecimal()
        slug = wanted
        if post.kind == Post.Kind.PAGE and (wanted in RESERVED or is_year):
            slug = f"page-{wanted}"
        if not slug or Post.objects.filter(slug=slug).exists():
            slug = unique_slug(post, slug or post.title)
        if wanted and slug != wanted:
            self.report.changed["addresses that something else has here"] += 1
        return slug

    def fitting(self, words: str, model: type[Model], field: str = "name") -> str:
        """`words`, or as many of them as the field holds."""
        most = longest(model, field)
        if len(words) <= most:
            return words
        self.report.changed[f"{field}s too long to keep whole"] += 1
        return words[: most - 1] + "…"


def slug_of(term: entries.Category | entries.Tag) -> str:
    """The slug of a term, never empty."""
    slug = slugify(term.slug, allow_unicode=True) or slugify(term.name, allow_unicode=True)
    return slug[:200] or f"term-{zlib.crc32(f'{term.slug} {term.name}'.encode())}"


def longest(model: type[Model], field: str) -> int:
    """How many characters a field of the model holds."""
    return cast("CharField", model._meta.get_field(field)).max_length


def untitled(html: str) -> str:
    """What to call a post without a title: its first words."""
    return Truncator(formatting.plain(html[:2000])).words(8) or "…"
