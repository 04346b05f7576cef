"""Putting a made-up blog into the database, some thousand rows at a time."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import islice
from random import Random

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone

from blog import editions
from blog.models import Post, User
from comments import roles
from comments.corpus.decisions import Decisions
from comments.corpus.records import Records
from comments.corpus.shape import SPAN, Shape
from comments.models import Change, Comment, Decision, Link, Person, Report

BATCH = 10_000
AUTHORS = 20  # the first wrote one small post, the second owns the biggest
TABLES = {"post": Post, "person": Person, "comment": Comment, "decision": Decision}


def build(posts: int, comments: int, seed: int, progress: Callable[[int], None]) -> None:
    """Makes the blog; `progress` is told how many comments are stored."""
    rng = Random(seed)
    shape = Shape(posts, comments, rng)
    first = {name: (_latest(model) or 0) + 1 for name, model in TABLES.items()}
    began = timezone.now().replace(tzinfo=None, microsecond=0) - timedelta(seconds=SPAN)
    records = Records(shape, first, began, rng)
    authors = _authors()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -262144")  # KiB: keys fall all over the indexes
    decisions = Decisions(shape, first, authors[2].pk, rng)
    _store_posts(shape, records, authors)
    for rows in _some(records.people()):
        insert(Person, rows)
    for start in range(0, comments, BATCH):
        _store_comments(records, decisions, range(start, min(comments, start + BATCH)))
        progress(min(comments, start + BATCH))
    _settle()


@transaction.atomic
def insert(model: type[models.Model], rows: list[dict]) -> None:
    """Writes rows, which are dictionaries by column, as quickly as the database takes them."""
    if not rows:
        return
    quote, columns = connection.ops.quote_name, list(rows[0])
    table = quote(model._meta.db_table)
    names = ", ".join(map(quote, columns))
    values = [tuple(row[column] for column in columns) for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608


@transaction.atomic
def _store_comments(records: Records, decisions: Decisions, these: range) -> None:
    rows = [records.comment(index) for index in these]
    for index, row in zip(these, rows, strict=True):
        row["last_decision_id"] = decisions.about(index)
    decided, changes = decisions.taken(records.moment)
    insert(Decision, decided)
    insert(Comment, rows)
    insert(Change, changes)
    insert(Link, [{"comment_id": key, "domain": domain} for key, domain in records.links])
    insert(Report, records.reports)
    records.links, records.reports = [], []


def _store_posts(shape: Shape, records: Records, authors: list[User]) -> None:
    small = min(range(len(shape.post_count)), key=lambda post: abs(shape.post_count[post] - 5))
    authors_of = {small: authors[0], shape.biggest: authors[1]}
    rows = (
        {
            "id": records.first["post"] + index,
            "kind": Post.Kind.POST.value,
            "status": Post.Status.PUBLISHED.value,
            "title": " ".join(records.wording.some(5)).capitalize(),
            "slug": f"made-up-{records.first['post'] + index}",
            "excerpt": "",
            "body": f"<p>{' '.join(records.wording.some(120))}.</p>",
            "author_id": authors_of.get(index, authors[1 + index % (AUTHORS - 1)]).pk,
            "published_at": records.moment(published),
            "updated_at": records.moment(published),
            "comments_open": True,
            "comment_count": shape.post_count[index],
            "last_number": shape.post_last[index],
            "import_key": None,
        }
        for index, published in enumerate(shape.published)
    )
    for some in _some(rows):
        insert(Post, some)


def _authors() -> list[User]:
    """People of the group Author who cannot log in until somebody gives them a password."""
    roles.create(apps)
    group = Group.objects.get(name="Author")
    names = [f"Author {number}" for number in range(1, AUTHORS + 1)]
    emails = [f"author{number}@corpus.example" for number in range(1, AUTHORS + 1)]
    made = [
        User.objects.get_or_create(
            email=email, defaults={"name": name, "is_staff": True, "password": "!"}
        )[0]
        for email, name in zip(emails, names, strict=True)
    ]
    group.user_set.add(*made)
    return made


def _settle() -> None:
    """Lets the next key be free and the planner know what there is."""
    editions.renew()
    tables = [*TABLES.values(), Link, Change, Report]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        if connection.in_atomic_block:
            cursor.execute("ANALYZE")
        elif connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ANALYZE")


def _latest(model: type[models.Model]) -> int | None:
    return model._default_manager.aggregate(latest=Max("pk"))["latest"]


def _some(rows: Iterable[dict]) -> Iterable[list[dict]]:
    rows = iter(rows)
    while some := list(islice(rows, BATCH)):
        yield some
