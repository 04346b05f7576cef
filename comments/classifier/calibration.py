"""How sure the classifier may be: a slope and an offset that make scores probabilities.

They are fitted to the latest lessons, each with the score it had before it was learned, so that
the classifier knows how often it was right of late (logistic calibration after Platt, 1999). It
was less able when it had those scores than it is now, so a lesson counts half of one HALVED lessons
later. Some labels are slips of a hand: a part SLIPS of them is taken to be, which keeps one slip
from making all else unsure, and no probability comes nearer to 0 or 1 than that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log

WINDOW, HALVED = 240, 40  # lessons
SLIPS = 0.005
TRUST = 1 - 2 * SLIPS
USUAL_SLOPE, HOLD_SLOPE, HOLD_OFFSET = 0.4, 30.0, 0.2  # what is believed at first, how firmly
ROUNDS = 8
CLOSE = 0.001  # a step this short ends the rounds
LEAST_SLOPE = 0.02
FAR = 30.0  # log-odds beyond which all is sure


@dataclass(frozen=True)
class Scale:
    slope: float = USUAL_SLOPE
    offset: float = 0.0

    def probability(self, score: float) -> float:
        """The probability of spam, SLIPS to 1 - SLIPS."""
        return SLIPS + TRUST * sigmoid(self.slope * score + self.offset)


def sigmoid(x: float) -> float:
    return 1 / (1 + exp(-max(-FAR, min(FAR, x))))


def log_odds(probability: float) -> float:
    return log(probability / (1 - probability))


def fit(lessons: Iterable[tuple[float, bool]]) -> Scale:
    """The scale for lessons of (score, is spam), the latest first."""
    slope, offset = USUAL_SLOPE, 0.0
    fading = 0.5 ** (1 / HALVED)
    weighed = [(*lesson, fading**age) for age, lesson in enumerate(lessons)]
    for _ in range(ROUNDS):
        by_slope, by_offset = _step(weighed, slope, offset)
        shorter = max(abs(by_slope) / 0.2, abs(by_offset), 1.0)
        slope, offset = slope + by_slope / shorter, offset + by_offset / shorter
        if abs(by_slope) < CLOSE and abs(by_offset) < CLOSE:
            break
    return Scale(max(slope, LEAST_SLOPE), offset)


def _step(
    lessons: Sequence[tuple[float, bool, float]], slope: float, offset: float
) -> tuple[float, ...]:
    """One step of Fisher's scoring (Newton's, with the expected curvature)."""
    pull_slope, pull_offset = (USUAL_SLOPE - slope) * HOLD_SLOPE, -offset * HOLD_OFFSET
    bend, cross, curve = HOLD_SLOPE, 0.0, HOLD_OFFSET
    for score, is_spam, counts in lessons:
        x = slope * score + offset
        sure = 1 / (1 + exp(-x)) if -FAR < x < FAR else float(x > 0)
        probability = SLIPS + TRUST * sure
        rise = TRUST * sure * (1 - sure)
        part = rise / (probability * (1 - probability))
        pull, weight = counts * (is_spam - probability) * part, counts * rise * part
        pull_slope += pull * score
        pull_offset += pull
        bend += weight * score * score
        cross += weight * score
        curve += weight
    area = bend * curve - cross * cross
    return (
        (curve * pull_slope - cross * pull_offset) / area,
        (bend * pull_offset - cross * pull_slope) / area,
    )
