"""Where a submission goes, and why: small checks, each answering a Reason or nothing.

The checks are values in a list, cheapest first; the verdict keeps all their reasons, and a
moderator reads them beside the comment.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Blog
from comments import checks
from comments.models import Comment
from comments.submission import Submission

HOLD_FROM = 1.0
SPAM_FROM = 5.0
ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True)
class Reason:
    """Why a comment is held: a code for programs, words for people, points towards spam."""

    code: str
    words: str
    weight: float
    detail: str = ""


@dataclass(frozen=True)
class Verdict:
    """Where a submission goes.

    `publishes`: whether it is published once Akismet finds nothing wrong; None: that is not asked.
    """

    status: str
    reasons: tuple[Reason, ...] = ()
    publishes: bool | None = None

    def as_json(self) -> list[dict]:
        return [asdict(reason) for reason in self.reasons]


def judge(submission: Submission, blog: Blog) -> Verdict:
    """The verdict on a submission; who may moderate this post is published at once."""
    if submission.is_staff:
        return Verdict(Comment.Status.PUBLISHED)
    answers = (check(submission, blog) for check in CHECKS)
    reasons = tuple(reason for reason in answers if reason)
    points = sum(reason.weight for reason in reasons)
    return checks.hold(Verdict(_status(points), reasons), blog, submission)


def _status(points: float) -> str:
    if points >= SPAM_FROM:
        return Comment.Status.SPAM
    return Comment.Status.PENDING if points >= HOLD_FROM else Comment.Status.PUBLISHED


def trap(submission: Submission, blog: Blog) -> Reason | None:
    """The field that people do not see is filled in."""
    if not submission.trap:
        return None
    return Reason("trap", _("Filled in a field that people do not see"), 10, submission.trap[:200])


def links(submission: Submission, blog: Blog) -> Reason | None:
    found = len(ADDRESS.findall(submission.body))
    if found <= blog.links_allowed:
        return None
    words = ngettext("%(count)d link", "%(count)d links", found) % {"count": found}
    return Reason("links", words, 2)


def everybody(submission: Submission, blog: Blog) -> Reason | None:
    if blog.moderation != Blog.Moderation.ALL:
        return None
    return Reason("everybody", _("Every comment is read before it appears"), 1)


def newcomer(submission: Submission, blog: Blog) -> Reason | None:
    if blog.moderation != Blog.Moderation.FIRST:
        return None
    same = {"email": submission.email, "name": submission.name, "user": None}
    if Comment.objects.published().filter(**same).exists():
        return None
    return Reason("newcomer", _("First comment of this name and address"), 1.5)


CHECKS: tuple[Callable[[Submission, Blog], Reason | None], ...] = (
    trap,
    links,
    everybody,
    newcomer,
)
