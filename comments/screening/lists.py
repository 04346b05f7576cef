"""Checks against the lists that moderators keep, and against what they have called spam."""

import ipaddress
from functools import cache

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Blog
from comments import domains, words
from comments.models import Comment, Link, Rule
from comments.models.person import canonical
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


def matching(submission: Submission, outcome: str) -> list[Rule]:
    """The rules of one list that a submission meets."""
    address = submission.address or ""
    looked_up = (
        Q(kind=Rule.Kind.EMAIL, text__in=of_email(submission.email))
        | Q(kind=Rule.Kind.NETWORK, text__in=_networks(address))
        | Q(kind=Rule.Kind.DOMAIN, text__in=_domains(submission.domains))
    )
    read = Q(kind__in=[Rule.Kind.WORD, Rule.Kind.NAME])
    rules = list(Rule.objects.filter(looked_up | read, outcome=outcome))
    said = [submission.body, submission.name, submission.email, submission.url]
    in_text = words.matching([rule.text for rule in rules if rule.kind == Rule.Kind.WORD], *said)
    names = words.matching(
        [rule.text for rule in rules if rule.kind == Rule.Kind.NAME], submission.name
    )
    found: dict[str, set[str]] = {Rule.Kind.WORD: set(in_text), Rule.Kind.NAME: set(names)}
    return [rule for rule in rules if rule.kind not in found or rule.text in found[rule.kind]]


def _listed(submission: Submission, outcome: str, code: str, weight: float) -> Reason | None:
    rules = matching(submission, outcome)
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


def of_email(email: str) -> list[str]:
    """An address, and its part from the @ on with every parent domain: "@mail.example.org" …"""
    whole = canonical(email)
    _local, _at, domain = whole.rpartition("@")
    return [whole, *(f"@{parent}" for parent in domains.parents(domain))] if domain else []


def _domains(linked: frozenset[str]) -> set[str]:
    return {parent for domain in linked for parent in domains.parents(domain)}


@cache
def _lengths(version: int) -> range:
    return range(8 if version == 4 else 16, (32 if version == 4 else 128) + 1)


def _networks(address: str) -> list[str]:
    """Every network that an address is in, as a rule would name it."""
    if not address:
        return []
    ip = ipaddress.ip_address(address)
    wide = [ipaddress.ip_network(f"{ip}/{length}", strict=False) for length in _lengths(ip.version)]
    return [str(ip), *map(str, wide)]
