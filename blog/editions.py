"""Which version of the blog readers see: numbers that grow with every visible change.

One is the blog's as a whole (settings, posts, people, how they are filed), one is each thread's,
and one is of all threads together, for pages that list counts. Other apps may have more, for what
their processes keep (the moderators' rules). Each grows in the transaction of its change, so that
who reads it knows, in every process, whether what was made earlier is still true.

A number is the moment of the change in microseconds since 1970, and always more than the last one,
whatever the clock says.
"""

import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import NamedTuple, TypeVar, cast

from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    connection,
    connections,
    models,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest

from config import postgresql

BLOG, THREADS = "blog", "threads"
# One statement for whatever a page depends on: each part is found by a key.
READ = (
    "SELECT (SELECT number FROM blog_edition WHERE name = 'blog'), "
    "(SELECT number FROM blog_edition WHERE name = 'threads'), "
    "(SELECT thread_edition FROM blog_post WHERE id = %s)"
)
GLANCE = READ.replace("%s", "?")
PREPARED = READ.replace("%s", "$1::bigint").encode()
RENEW = (
    "INSERT INTO blog_edition (name, number) VALUES (%s, %s) ON CONFLICT (name) "
    "DO UPDATE SET number = {greatest}(blog_edition.number + 1, excluded.number)"
)
Method = TypeVar("Method", bound=Callable)


class Editions(NamedTuple):
    """Numbers as they were read together; None for what has never changed, or is not there."""

    blog: int | None
    threads: int | None
    thread: int | None


UNKNOWN = Editions(-1, -1, -1)
WRITING = 1  # the bit of the clock that says so
MOST_KNOWN = 10_000  # posts
# What was read since the clock of the database said this.
_known: tuple[int, dict[int | None, Editions]] = (WRITING, {})


def read(post: int | None = None) -> Editions:
    """The numbers now, with that of the thread under `post`, the key of a post; one query."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [post])
        return Editions(*cursor.fetchone())


def numbers() -> dict[str, int]:
    """Every edition that has a name, in one query; what has never changed is not in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, number FROM blog_edition")
        return dict(cursor.fetchall())


def glance(post: int | None) -> Editions:
    """As `read`, as quickly as can be: this is asked for every page kept.

    On SQLite the clock of the database (see `config.sqlite`) tells whether anything was written
    since a number was read. Where the database does not answer there are no numbers at all, so
    nothing kept is true.
    """
    global _known  # replaced as a whole, by whichever thread comes first
    database = connections[DEFAULT_DB_ALIAS]
    tick = _tick(database)
    since, known = _known
    if tick == since and (found := known.get(post)):
        return found
    found = _ask(database, post)
    if not tick & WRITING and tick == _tick(database):
        if tick != since or len(known) > MOST_KNOWN:
            _known = (tick, {post: found})
        else:
            known[post] = found
    return found


def _tick(database: BaseDatabaseWrapper) -> int:
    return database.tick() if hasattr(database, "tick") else WRITING


def _ask(database: BaseDatabaseWrapper, post: int | None) -> Editions:
    """What the database says, past Django's cursor, in a fifth of its time."""
    try:
        if database.connection is None:
            database.connect()
        if database.vendor == "sqlite":
            return Editions._make(database.connection.execute(GLANCE, (post,)).fetchone())
        key = None if post is None else b"%d" % post
        row = postgresql.ask(database, b"editions", PREPARED, [key])
        return Editions._make(None if value is None else int(value) for value in row)
    except (DatabaseError, database.Database.Error):  # type: ignore[attr-defined]
        database.errors_occurred = True  # so that Django looks whether it can be used
        return UNKNOWN


def renew(name: str = BLOG) -> None:
    """Makes what was rendered earlier out of date; part of the caller's transaction."""
    greatest = "MAX" if connection.vendor == "sqlite" else "GREATEST"
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(RENEW.format(greatest=greatest), [name, _now()])


def renew_threads(posts: Iterable[int]) -> None:
    """Makes the pages of these posts' threads, and all that list counts, out of date."""
    from blog.models import Post  # it needs this module

    if not (keys := set(posts)):
        return
    with transaction.atomic(savepoint=False):
        number = Greatest(Coalesce(F("thread_edition"), 0) + 1, Value(_now()))
        Post.objects.filter(pk__in=keys).update(thread_edition=number)
        renew(THREADS)


def renewing(name: str) -> Callable[[Method], Method]:
    """Renews this edition with what a method of a model, or of a queryset, changes."""

    def renews(method: Method) -> Method:
        @wraps(method)
        def changing(self, *args, **kwargs):
            with transaction.atomic():
                done = method(self, *args, **kwargs)
                renew(name)
            return done

        return cast("Method", changing)

    return renews


renews = renewing(BLOG)


class RenewingQuerySet(models.QuerySet):
    """Rows that readers see on many pages: changing them renews the blog's edition."""

    update = renews(models.QuerySet.update)
    delete = renews(models.QuerySet.delete)
    bulk_create = renews(models.QuerySet.bulk_create)


def _now() -> int:
    return time.time_ns() // 1_000
