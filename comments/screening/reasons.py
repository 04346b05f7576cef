"""What a check answers, and what all of them come to."""

from dataclasses import asdict, dataclass

from comments.models import Comment


@dataclass(frozen=True)
class Reason:
    """What speaks for or against a comment: a code for programs, words for people, points.

    Points above zero speak for spam. `detail` is what a moderator may want to know besides.
    """

    code: str
    words: str
    weight: float
    detail: str = ""

    def as_json(self) -> dict:
        return asdict(self)


@dataclass(frozen=True)
class Verdict:
    """Where a submission goes.

    `publishes`: whether it is published once Akismet finds nothing wrong; None: that is not asked.
    """

    status: str
    reasons: tuple[Reason, ...] = ()
    is_blatant: bool = False
    publishes: bool | None = None

    @property
    def is_published(self) -> bool:
        return self.status == Comment.Status.PUBLISHED

    def as_json(self) -> list[dict]:
        return [reason.as_json() for reason in self.reasons]
