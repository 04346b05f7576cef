"""The counts of a classifier in the database: read for one comment, added to for one or many.

Rows are written in the order of their buckets, by adding to what is there, so that no two writers
lose each other's steps or wait for each other in a circle.
"""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction

from comments.classifier.calibration import WINDOW, Scale, fit
from comments.classifier.model import Counts
from comments.models import Classifier, Lesson, Tally

ROWS = 1000  # in one statement
DELETED = 5000  # rows in one statement

READ = "SELECT bucket, spam, good FROM {table} WHERE classifier_id = %s AND bucket IN ({numbers})"
ADD = (
    "INSERT INTO {table} (classifier_id, bucket, spam, good) VALUES {rows} "
    "ON CONFLICT (classifier_id, bucket) DO UPDATE "
    "SET spam = {table}.spam + excluded.spam, good = {table}.good + excluded.good"
)


def current() -> Classifier:
    """The classifier in use, as last stored; an empty one, not stored, where there is none."""
    return Classifier.objects.filter(is_current=True).first() or _empty()


def locked() -> Classifier:
    """The classifier in use, its row held until the transaction ends; made where there is none."""
    rows = Classifier.objects.select_for_update().filter(is_current=True)
    if found := rows.first():
        return found
    # Where another process makes the first one at this moment, this waits for it and adds none.
    Classifier.objects.bulk_create([_empty(is_current=True)], ignore_conflicts=True)
    return rows.get()


def begin() -> Classifier:
    """A new classifier beside the one in use."""
    classifier = _empty()
    classifier.save()
    return classifier


def counts(classifier: Classifier, buckets: Iterable[int]) -> Counts:
    """What was counted in `buckets`; those that were never counted are left out."""
    numbers = ",".join(str(int(bucket)) for bucket in buckets)
    if classifier.pk is None or not numbers:
        return {}
    with connection.cursor() as cursor:
        # Plain numbers rather than parameters: a third of the time for some hundred of them.
        cursor.execute(READ.format(table=_table(), numbers=numbers), [classifier.pk])
        return {bucket: (spam, good) for bucket, spam, good in cursor.fetchall()}


def add(classifier: Classifier, steps: Mapping[int, tuple[int, int]]) -> None:
    """Adds steps of (spam, good) to buckets; a step below 0 takes back."""
    ordered = sorted(steps.items())
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), ROWS):
            batch = ordered[start : start + ROWS]
            values = [v for bucket, step in batch for v in (classifier.pk, bucket, *step)]
            rows = ", ".join(["(%s, %s, %s, %s)"] * len(batch))
            cursor.execute(ADD.format(table=_table(), rows=rows), values)


def settle() -> None:
    """Tells PostgreSQL's planner about very many new rows; until then it may read them all."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {_table()}")


def count(classifier: Classifier, step: int, is_spam: bool) -> None:
    """Counts one comment more, or less; `calibrate` stores it. The caller holds its lock."""
    classifier.seen = classifier.seen.after(step, is_spam)


def calibrate(classifier: Classifier) -> None:
    """Fits the scale to the latest lessons and stores the row; the caller holds its lock."""
    lessons = Lesson.objects.filter(classifier=classifier).order_by("-pk")
    classifier.scale = fit(list(lessons.values_list("score", "is_spam")[:WINDOW]))
    classifier.save()


def replace(new: Classifier) -> None:
    """Puts a new classifier in the place of the one in use."""
    with transaction.atomic():
        locked()
        Classifier.objects.filter(is_current=True).update(is_current=False)
        Classifier.objects.filter(pk=new.pk).update(is_current=True)


def discard() -> None:
    """Deletes all classifiers that are not in use, a few thousand rows at a time."""
    for classifier in Classifier.objects.filter(is_current=False):
        for model in (Tally, Lesson):
            rows = model.objects.filter(classifier=classifier).order_by("pk")
            while keys := list(rows.values_list("pk", flat=True)[:DELETED]):
                rows.filter(pk__lte=keys[-1]).order_by().delete()
        classifier.delete()


def _table() -> str:
    return connection.ops.quote_name(Tally._meta.db_table)


def _empty(*, is_current: bool = False) -> Classifier:
    classifier = Classifier(is_current=is_current)
    classifier.scale = Scale()
    return classifier
