"""A new classifier from all that people decided, built beside the one in use."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from comments.classifier import buckets, decided, learning, store
from comments.classifier.features import extract
from comments.classifier.model import Memory
from comments.models import Change, Classifier, Comment, Lesson

BATCH = 100  # comments in one transaction
OVERLAP = timedelta(hours=1)  # for decisions that were under way when it began


def rebuild(progress: Callable[[int], None] = lambda done: None) -> Classifier:
    """Learns all decisions anew, oldest comments first; `progress` hears how many are done.

    The classifier in use goes on judging and learning meanwhile; what it learns is learned by the
    new one after they changed places. Memory holds the counts and one batch.
    """
    began = timezone.now()
    store.discard()
    new, memory, done = store.begin(), Memory(), 0
    for keys in _batches():
        _study(new, memory, keys)
        done += len(keys)
        progress(done)
    store.add(new, memory.counts)
    store.settle()
    new.seen = memory.seen
    store.calibrate(new)
    store.replace(new)
    learning.learn(decided_since(began - OVERLAP))
    store.discard()
    return store.current()


def decided_comments():
    """The comments about which a person has decided at some time."""
    changes = Change.objects.filter(comment=OuterRef("pk"), decision__by__isnull=False)
    return Comment.objects.filter(Exists(changes))


def decided_since(moment) -> Iterator[Comment]:
    """The comments about which anything was decided since `moment`."""
    changes = Change.objects.filter(comment=OuterRef("pk"), decision__at__gte=moment)
    return Comment.objects.filter(Exists(changes)).only("pk").iterator()


def _batches() -> Iterator[list[int]]:
    last = 0
    rows = decided_comments().order_by("pk").values_list("pk", flat=True)
    while keys := list(rows.filter(pk__gt=last)[:BATCH]):
        yield keys
        last = keys[-1]


@transaction.atomic
def _study(new: Classifier, memory: Memory, keys: list[int]) -> None:
    """Learns a batch in memory and writes its lessons; none of it is deleted meanwhile."""
    rows = Comment.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    comments, lessons = list(rows), []
    labels = decided.labels(comments)
    for comment in comments:
        if comment.pk not in labels:
            continue
        features, is_spam = extract(learning.facts_of(comment)), labels[comment.pk]
        score = memory.study(features, is_spam)
        packed = buckets.pack(feature.key for feature in features)
        lesson = Lesson(classifier=new, comment=comment, is_spam=is_spam)
        lesson.score, lesson.buckets = score, packed
        lessons.append(lesson)
    Lesson.objects.bulk_create(lessons)
