"""Learning from moderators' decisions, and saying what was learned about a new comment."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from comments import regulars
from comments.classifier import buckets, calibration, decided, model, store, tokens, wording
from comments.classifier.features import Facts, extract
from comments.models import Classifier, Comment, Lesson, Person

ENOUGH = 50  # comments of either kind, before its word counts
TOGETHER = 25  # comments learned in one transaction
LEAST, MOST = -3.0, 6.0  # points


@dataclass(frozen=True)
class Opinion:
    """What the classifier thinks of a comment.

    `probability` of spam, 0 to 1; `points`, its log-odds within LEAST and MOST: from 2 a comment
    is better held (88 %), from 5 it is spam (99.3 %); `weights`, what weighed most, in log-odds;
    `seen`, how many spam and how many good comments were learned. `is_ready` once there were
    ENOUGH of both: until then only say what would have been done.
    """

    probability: float
    points: float
    weights: list[tuple[str, float]]
    is_ready: bool
    seen: tuple[int, int]


def opinion(facts: Facts) -> Opinion:
    """What was learned says this about a comment; two queries, whatever its length."""
    classifier = store.current()
    knows_both = classifier.spam and classifier.good  # else it can tell nothing apart
    features = extract(facts) if knows_both else []
    counts = store.counts(classifier, (feature.key for feature in features))
    weights = model.weigh(features, counts, classifier.seen)
    probability = classifier.scale.probability(sum(weight for _, weight in weights))
    return Opinion(
        probability=probability,
        points=max(LEAST, min(MOST, calibration.log_odds(probability))),
        weights=[
            (wording.of(label), round(weight * classifier.slope, 2))
            for label, weight in model.explain(weights)
        ],
        is_ready=min(classifier.spam, classifier.good) >= ENOUGH,
        seen=(classifier.spam, classifier.good),
    )


def facts_of(comment: Comment) -> Facts:
    """The facts of a stored comment, as far as they can still be told."""
    return Facts(
        author=comment.name,
        email=comment.email,
        url=comment.url,
        body=comment.body,
        links=tokens.count_links(comment.body),
        is_first=_is_first(comment),
        seconds=comment.seconds,
        is_answer=comment.parent_id is not None,
    )


def _is_first(comment: Comment) -> bool | None:
    """Whether nothing of this name and address was published before; None without an address."""
    if not comment.email:
        return None
    person = comment.person or Person.objects.called(comment.email)
    return not regulars.knows(person, comment.name, before=comment)


def learn(comments: Iterable[Comment]) -> None:
    """Brings what was learned of `comments` in step with what people decided about them.

    Spam and published comments are learned, anything else is taken back; doing it again changes
    nothing. It looks at the comments as they are stored now, not as they were passed.
    """
    keys = sorted({comment.pk for comment in comments})
    for start in range(0, len(keys), TOGETHER):
        _learn(keys[start : start + TOGETHER])


@transaction.atomic
def _learn(keys: list[int]) -> None:
    classifier = store.locked()
    comments = list(Comment.objects.filter(pk__in=keys).order_by("pk"))
    labels = decided.labels(comments)
    known = Lesson.objects.filter(classifier=classifier, comment__in=comments)
    lessons = {lesson.comment_id: lesson for lesson in known}
    stale = [one for one in lessons.values() if labels.get(one.comment_id) != one.is_spam]
    for lesson in stale:
        _take_back(classifier, lesson)
        del lessons[lesson.comment_id]
    fresh = [one for one in comments if one.pk in labels and one.pk not in lessons]
    for comment in fresh:
        _take_in(classifier, comment, is_spam=labels[comment.pk])
    if stale or fresh:
        store.calibrate(classifier)


def _take_in(classifier: Classifier, comment: Comment, *, is_spam: bool) -> None:
    features = extract(facts_of(comment))
    keys = [feature.key for feature in features]
    score = model.score(features, store.counts(classifier, keys), classifier.seen)
    store.add(classifier, model.steps(keys, is_spam))
    store.count(classifier, 1, is_spam)
    packed = buckets.pack(keys)
    Lesson.objects.create(
        classifier=classifier, comment=comment, is_spam=is_spam, score=score, buckets=packed
    )


def _take_back(classifier: Classifier, lesson: Lesson) -> None:
    """Takes from the counts what the lesson added, whatever was edited since."""
    store.add(classifier, model.steps(buckets.unpack(bytes(lesson.buckets)), lesson.is_spam, -1))
    store.count(classifier, -1, lesson.is_spam)
    lesson.delete()
