"""Checks of the words themselves."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import Blog
from comments import confusables
from comments.classifier import tokens
from comments.screening.reasons import Reason
from comments.submission import Submission

LOOKED_AT = 4_000  # characters
SHOUT = 0.7  # capitals among the letters that have two cases
LETTERS = 20  # fewer are an abbreviation, not a shout


def links(submission: Submission, blog: Blog) -> Reason | None:
    found = tokens.count_links(submission.body)
    if found <= blog.links_allowed:
        return None
    words = ngettext("%(count)d link", "%(count)d links", found) % {"count": found}
    return Reason("links", words, min(2 + 0.5 * (found - blog.links_allowed - 1), 4))


def shouting(submission: Submission, blog: Blog) -> Reason | None:
    cased = [c for c in submission.body[:LOOKED_AT] if c.upper() != c.lower()]
    capitals = sum(c.isupper() for c in cased)
    if len(cased) < LETTERS or capitals < SHOUT * len(cased):
        return None
    return Reason("shouting", _("Mostly capital letters"), 1)


def mixed_scripts(submission: Submission, blog: Blog) -> Reason | None:
    """Letters of several scripts in one word, as no language writes them (UTS 39, section 5)."""
    found = confusables.mixed_words(f"{submission.name} {submission.body[:LOOKED_AT]}")
    if not found:
        return None
    shown = ", ".join(word[:40] for word in found[:3])
    return Reason("mixed", _("Letters of several scripts in one word"), 2, shown)


def same_text(submission: Submission, blog: Blog) -> Reason | None:
    """The same words, or nearly, were sent before: here or on other posts."""
    count = submission.likeness.count
    if not count:
        return None
    words = ngettext(
        "Nearly the same text was sent %(count)d time before",
        "Nearly the same text was sent %(count)d times before",
        count,
    )
    return Reason("same_text", words % {"count": count}, min(1.5 + 0.5 * count, 5))
