"""How good a classifier is: figures from what it said of comments before it learned them."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from comments.classifier.features import Facts, extract
from comments.classifier.model import Memory

FEW = 0.005  # of the good comments: how many may be called spam
BINS = 10
THRESHOLD = 0.5
TRAINED = 0.7  # of all
Labelled = tuple[Facts, bool]


@dataclass(frozen=True)
class Decisions:
    """Parts, 0 to 1, of what is decided at a threshold; None where there is nothing to divide."""

    accuracy: float | None
    caught: float | None
    blocked: float | None


@dataclass
class Trial:
    """What was said of labelled comments, each before it was learned; and what a classifier that
    stops learning after the first TRAINED of them says of the rest."""

    labels: list[bool]
    said: list[float]
    rest: list[float]

    @property
    def rest_labels(self) -> list[bool]:
        return self.labels[len(self.labels) - len(self.rest) :]


def run(comments: Sequence[Labelled], progress: Callable[[int], None] = lambda done: None) -> Trial:
    """Tries a new classifier on comments in order of time; `progress` hears how many are done."""
    memory, stopped, trained = Memory(), None, int(TRAINED * len(comments))
    trial = Trial([], [], [])
    for place, (facts, is_spam) in enumerate(comments):
        features = extract(facts)
        if place == trained:
            stopped = deepcopy(memory)
        if stopped:
            trial.rest.append(stopped.probability(features))
        scale = memory.scale
        trial.said.append(scale.probability(memory.study(features, is_spam)))
        trial.labels.append(is_spam)
        progress(place + 1)
    return trial


def decisions(
    said: Sequence[float], labels: Sequence[bool], threshold: float = THRESHOLD
) -> Decisions:
    """How many are decided rightly when all above `threshold` is called spam."""
    called = [one > threshold for one in said]
    spam, good = sum(labels), len(labels) - sum(labels)
    caught = sum(is_called and is_spam for is_called, is_spam in zip(called, labels, strict=True))
    blocked = sum(called) - caught
    return Decisions(
        _part(caught + good - blocked, len(labels)), _part(caught, spam), _part(blocked, good)
    )


def roc_auc(said: Sequence[float], labels: Sequence[bool]) -> float | None:
    """How often a spam comment is rated above a good one; a tie is half. None without both."""
    spam, good = sum(labels), len(labels) - sum(labels)
    order = sorted(zip(said, labels, strict=True))
    ranks, start = 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and order[end][0] == order[start][0]:
            end += 1
        ranks += (start + end + 1) / 2 * sum(is_spam for _, is_spam in order[start:end])
        start = end
    return _part(ranks - spam * (spam + 1) / 2, spam * good)


def caught_at(said: Sequence[float], labels: Sequence[bool], few: float = FEW) -> float | None:
    """The part of spam rated above all but `few` of the good comments. None without both."""
    good = sorted((one for one, is_spam in zip(said, labels, strict=True) if not is_spam))
    spam = [one for one, is_spam in zip(said, labels, strict=True) if is_spam]
    if not good or not spam:
        return None
    bar = good[-1 - int(few * len(good))]
    return sum(one > bar for one in spam) / len(spam)


def brier(said: Sequence[float], labels: Sequence[bool]) -> float | None:
    """The mean square of what probability and truth differ by; 0 is best, 0.25 is guessing."""
    return _part(sum((p - y) ** 2 for p, y in zip(said, labels, strict=True)), len(labels))


def calibration_error(said: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Expected calibration error in BINS equal bins: how far "90 %" is from nine in ten."""
    gaps = [0.0] * BINS
    for probability, is_spam in zip(said, labels, strict=True):
        gaps[min(BINS - 1, int(probability * BINS))] += probability - is_spam
    return _part(sum(map(abs, gaps)), len(labels))


def _part(number: float, of: float) -> float | None:
    return number / of if of else None
