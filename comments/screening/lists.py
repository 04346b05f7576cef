"""Checks against the lists that moderators keep, and against what they have called spam."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Blog
from comments.models import Comment, Link, Rule
from comments.screening.reasons import Reason
from comments.submission import Submission

LATEST = 200  # comments that link to a domain, by which it is judged
ENOUGH = 7  # times that a domain was called spam: more add no points


def spam_list(submission: Submission, blog: Blog) -> Reason | None:
    return _listed(submission, Rule.Outcome.SPAM, "spam_list", 6)


def hold_list(submission: Submission, blog: Blog) -> Reason | None:
    return _listed(submission, Rule.Outcome.HOLD, "hold_list", 2)


def spam_domains(submission: Submission, blog: Blog) -> Reason | None:
    """Links, or a website, to a domain that moderators have called spam more often than not."""
    count, domain = _worst(submission.domains)
    if not count:
        return None
    said = ngettext(
        "Links to %(domain)s, called spam %(count)d time",
        "Links to %(domain)s, called spam %(count)d times",
        count,
    )
    said %= {"count": count, "domain": domain}
    return Reason("spam_domain", said, min(2 + 0.5 * (count - 1), 5), domain)


def _listed(submission: Submission, outcome: str, code: str, weight: float) -> Reason | None:
    rules = [rule for rule in submission.rules if rule.outcome == outcome]
    if not rules:
        return None
    texts = ", ".join(f"“{rule.text}”" for rule in rules[:5])
    said = _("On your list: %(texts)s") % {"texts": texts}
    return Reason(code, said, weight, "; ".join(rule.why for rule in rules[:5] if rule.why))


def _worst(linked: frozenset[str]) -> tuple[int, str]:
    """The domain that was called spam most often, and how often; the widest of several."""
    worst = (0, "")
    for domain in sorted(linked, key=len):
        count = _spam_count(domain)
        worst = (count, domain) if count > worst[0] else worst
        if count >= ENOUGH:
            break
    return worst


def _spam_count(domain: str) -> int:
    """How often a domain was called spam lately by people, where that is most of its comments."""
    latest = Link.objects.filter(domain=domain).order_by("-comment")
    statuses = latest.values_list("comment__status", "comment__last_decision__by")[:LATEST]
    spam = sum(status == Comment.Status.SPAM and by is not None for status, by in statuses)
    good = sum(status == Comment.Status.PUBLISHED for status, _by in statuses)
    return spam if spam > good else 0
