"""Where a submission goes, and why: small checks, each answering a Reason or nothing.

The checks are values in a list, cheapest first; the verdict keeps all their reasons, and a
moderator reads them beside the comment. What they come to is the blog's policy.
"""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from blog.models import Blog
from comments import checks
from comments.models import Comment
from comments.screening import learned, lists, sender, text
from comments.screening.reasons import Reason, Verdict
from comments.submission import Submission

__all__ = ["CHECKS", "Reason", "Verdict", "judge"]

Check = Callable[[Submission, Blog], Reason | None]

CHECKS: tuple[Check, ...] = (
    sender.trap,
    sender.haste,
    sender.everybody,
    text.links,
    text.shouting,
    text.mixed_scripts,
    sender.imitation,
    sender.standing,
    sender.newcomer,
    lists.spam_list,
    lists.hold_list,
    lists.spam_domains,
    text.same_text,
    learned.classifier,
)

# What decides whatever the points are. The others only add up.
SPAM = {"trap", "spam_list"}
HELD = {"everybody", "newcomer", "links", "hold_list", "imitation"}
OVERRULED_BY_TRUST = {"everybody", "newcomer", "links"}

# What a moderator can look for.
CODES = (
    ("everybody", _("Every comment is read")),
    ("newcomer", _("First comment")),
    ("record", _("The person’s record")),
    ("links", _("Many links")),
    ("spam_domain", _("A domain called spam")),
    ("same_text", _("The same text again")),
    ("hold_list", _("On the hold list")),
    ("spam_list", _("On the spam list")),
    ("imitation", _("A borrowed name")),
    ("mixed", _("Mixed scripts")),
    ("shouting", _("Capital letters")),
    ("haste", _("Sent too fast")),
    ("trap", _("The trap")),
    ("classifier", _("The learning filter")),
    ("classifier_log", _("The learning filter, not counted")),
    ("akismet", _("Akismet")),
    ("unchecked", _("Not checked yet")),
    ("reports", _("Reports of readers")),
)


def judge(submission: Submission, blog: Blog) -> Verdict:
    """The verdict on a submission; who may moderate this post is published at once."""
    if submission.is_staff:
        return Verdict(Comment.Status.PUBLISHED)
    answers = (check(submission, blog) for check in CHECKS)
    verdict = policy(tuple(reason for reason in answers if reason), blog)
    return checks.hold(verdict, blog, submission)


def policy(reasons: tuple[Reason, ...], blog: Blog) -> Verdict:
    """What the reasons come to."""
    codes = {reason.code for reason in reasons}
    if "trusted" in codes:
        codes -= OVERRULED_BY_TRUST
    points = sum(reason.weight for reason in reasons)
    if codes & SPAM or points >= blog.spam_from:
        return Verdict(Comment.Status.SPAM, reasons, "trap" in codes and blog.blatant_trap)
    if codes & HELD or points >= blog.hold_from:
        return Verdict(Comment.Status.PENDING, reasons)
    return Verdict(Comment.Status.PUBLISHED, reasons)
