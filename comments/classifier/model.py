"""How the classifier judges: Bayes on counts, so that learning is adding and forgetting is exact.

Each feature speaks by how much oftener it stood in spam than in good comments. What was seen
rarely says little: both counts start as if the feature had been seen PRIOR times in the blog's
usual mixture. The sum over the features, times a slope and plus an offset that `calibration`
finds, is the log-odds of spam.
"""

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comments.classifier.calibration import WINDOW, Scale, fit
from comments.classifier.features import Feature

PRIOR = 0.8  # comments
PAUSE = 10  # comments between two calibrations of a long study
Counts = Mapping[int, tuple[int, int]]  # bucket: in how much spam, in how many good comments


@dataclass(frozen=True)
class Seen:
    """How many comments of either kind were learned."""

    spam: int = 0
    good: int = 0

    def after(self, step: int, is_spam: bool) -> "Seen":
        return Seen(self.spam + step * is_spam, self.good + step * (not is_spam))


def weigh(features: Iterable[Feature], counts: Counts, seen: Seen) -> list[tuple[Feature, float]]:
    """What each feature says, in log-odds before scaling; those never seen are left out."""
    if seen.spam < 1 or seen.good < 1:
        return []
    spam_prior = PRIOR * seen.spam / (seen.spam + seen.good)
    good_prior = PRIOR - spam_prior
    usual = math.log(seen.good / seen.spam)
    weights = []
    for feature in features:
        spam, good = counts.get(feature.key, (0, 0))
        if spam > 0 or good > 0:
            ratio = (max(0, spam) + spam_prior) / (max(0, good) + good_prior)
            weights.append((feature, feature.strength * (math.log(ratio) + usual)))
    return weights


def score(features: Iterable[Feature], counts: Counts, seen: Seen) -> float:
    """The sum of what the features say; above 0 towards spam. `Scale` makes it a probability."""
    return sum(weight for _, weight in weigh(features, counts, seen))


def explain(weights: Iterable[tuple[Feature, float]], most: int = 5) -> list[tuple[str, float]]:
    """The labels that weighed most and their weights, the greatest first, whatever their sign."""
    sums: dict[str, float] = defaultdict(float)
    for feature, weight in weights:
        sums[feature.label] += weight
    return sorted(sums.items(), key=lambda one: -abs(one[1]))[:most]


def steps(keys: Iterable[int], is_spam: bool, step: int = 1) -> dict[int, tuple[int, int]]:
    """What learning adds to the counts; with `step` -1, what taking back adds."""
    return dict.fromkeys(keys, (step, 0) if is_spam else (0, step))


@dataclass
class Memory:
    """A classifier that lives in this process: for measuring, and for building a new one."""

    seen: Seen = field(default_factory=Seen)
    counts: dict[int, tuple[int, int]] = field(default_factory=dict)
    scale: Scale = field(default_factory=Scale)
    recent: deque[tuple[float, bool]] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def score(self, features: list[Feature]) -> float:
        return score(features, self.counts, self.seen)

    def probability(self, features: list[Feature]) -> float:
        """The probability of spam, 0 to 1."""
        return self.scale.probability(self.score(features))

    def learn(self, keys: Iterable[int], is_spam: bool) -> None:
        self._add(steps(keys, is_spam), 1, is_spam)

    def unlearn(self, keys: Iterable[int], is_spam: bool) -> None:
        """Takes back exactly what learning the same added."""
        self._add(steps(keys, is_spam, -1), -1, is_spam)

    def study(self, features: list[Feature], is_spam: bool) -> float:
        """Learns a comment and how far it was known before; answers its score of before."""
        score = self.score(features)
        self.learn((feature.key for feature in features), is_spam)
        self.recent.appendleft((score, is_spam))
        number = self.seen.spam + self.seen.good
        if number <= WINDOW or number % PAUSE == 0:
            self.scale = fit(self.recent)
        return score

    def _add(self, steps: Mapping[int, tuple[int, int]], step: int, is_spam: bool) -> None:
        self.seen = self.seen.after(step, is_spam)
        for key, (spam_step, good_step) in steps.items():
            spam, good = self.counts.get(key, (0, 0))
            self.counts[key] = spam + spam_step, good + good_step
