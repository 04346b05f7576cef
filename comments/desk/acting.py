"""What a moderator does at the desk, and the words that tell what was done."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog.models import User
from comments import moderation, people, screening, submission
from comments.models import Change, Comment, Decision

VERBS = {
    "publish": gettext_lazy("Publish"),
    "mark_spam": gettext_lazy("Spam"),
    "remove": gettext_lazy("Remove"),
    "hold": gettext_lazy("Hold"),
    "restore": gettext_lazy("Restore"),
}
ALREADY = gettext_lazy("Already %(verb)s by %(by)s, %(ago)s: %(name)s. Nothing was changed.")
TAKEN_BACK = gettext_lazy(
    "%(by)s took a decision back, %(ago)s; it is %(state)s now: %(name)s. Nothing was changed."
)
EMPTIED = Decision.Verb.EMPTY
TOLD = 5  # comments about which others were first that are told of one by one


class Outcome:
    """What came of one act: the decision, if any, and what others had decided before."""

    def __init__(self, decision: Decision | None, passed_over: list[Comment]) -> None:
        self.decision, self.passed_over = decision, passed_over

    @property
    def done(self) -> str | SafeString:
        """What was done, with the button that takes it back; empty for nothing."""
        if not self.decision:
            return ""
        return format_html("{} {}", summary(self.decision), undo_button(self.decision))

    @property
    def others(self) -> list[str]:
        """Who was first, where somebody was."""
        return [first(comment) for comment in self.passed_over[:TOLD]]


def decide(
    seen: dict[int, int], verb: str, by: User, *, why: str = "", within: QuerySet[Comment]
) -> Outcome:
    """Does `verb` to comments as the moderator has seen them; `seen` as in moderation.decide."""
    asked = within.filter(pk__in=seen).order_by()
    decision = moderation.decide(asked, verb, by=by, why=why, seen=seen)
    done = set(decision.changes.values_list("comment", flat=True)) if decision else set()
    rest = asked.exclude(pk__in=done).select_related("last_decision__by", "post")
    return Outcome(decision, list(rest[: TOLD + 1]))


def undo(decision: Decision, by: User) -> str:
    """Takes a decision back and says so."""
    undoing = decision.undo(by=by)
    return undone(decision, undoing) if undoing else _refusal(decision)


def _refusal(decision: Decision) -> str:
    """Why a decision cannot be taken back."""
    if earlier := Decision.objects.filter(undoes=decision).select_related("by").first():
        facts = {"by": earlier.by or _("the blog’s rules"), "ago": earlier.ago}
        return _("That was taken back already, by %(by)s, %(ago)s.") % facts
    if Change.objects.filter(comment__in=decision.comments.all(), decision__verb=EMPTIED).exists():
        return _("The words were deleted, as old spam is: that can no longer be taken back.")
    if decision.at < timezone.now() - moderation.UNDO_FOR:
        return _("That is more than 30 days ago and can no longer be taken back.")
    return _("There was nothing to take back: somebody has decided otherwise since.")


def undone(decision: Decision, undoing: Decision) -> str:
    """What was taken back, and what was left alone."""
    words = _("Taken back: %(what)s.") % {"what": summary(decision).rstrip(".")}
    if left := (decision.size or 0) - (undoing.size or 0):
        words += " " + ngettext(
            "%(count)d comment was left alone: somebody has decided about it since.",
            "%(count)d comments were left alone: somebody has decided about them since.",
            left,
        ) % {"count": left}
    return words


@transaction.atomic
def reply(comment: Comment, body: str, by: User, seen: int) -> Outcome:
    """Publishes an answer, and what it answers, in one decision."""
    decision = None
    these = Comment.objects.filter(pk=comment.pk)
    if not comment.is_published:
        decision = moderation.decide(these, "publish", by=by, seen={comment.pk: seen})
        if not decision:
            return Outcome(None, list(these.select_related("last_decision__by", "post")))
    sent = submission.Submission(
        post=comment.post, body=body, name=by.name, email=by.email, user=by, parent=these.get()
    )
    # Taken back it goes where removed ones are: it never waited for anybody.
    answer = submission.store(sent, screening.Verdict(Comment.Status.REMOVED))
    published = Comment.objects.filter(pk=answer.pk).exclude(status=Comment.Status.PUBLISHED)
    return Outcome(moderation.decide(published, "publish", by=by, decision=decision), [])


def summary(decision: Decision) -> str:
    """ "Published: Wren Castellanos on “Other People’s Pencil”." """
    verb = decision.get_verb_display()
    if decision.verb in people.FIELDS:
        return _("%(verb)s: %(what)s.") % {"verb": verb, "what": decision.why}
    if decision.verb == Decision.Verb.BLOCK:
        verb = _("%(verb)s “%(what)s”") % {"verb": verb, "what": decision.why}
    if decision.size == 1 and (comment := decision.comments.select_related("post").first()):
        facts = {"verb": verb, "name": comment.name, "post": comment.post}
        return _("%(verb)s: %(name)s on “%(post)s”.") % facts
    words = ngettext("%(verb)s: %(count)s comment.", "%(verb)s: %(count)s comments.", decision.size)
    return words % {"verb": verb, "count": decision.size}


def undo_button(decision: Decision) -> SafeString:
    """Sends the page's one form for undoing, which stands in admin/base_site.html."""
    return format_html(
        '<button class="act" form="undo" name="decision" value="{}">{} <kbd>u</kbd></button>',
        decision.pk,
        _("Undo"),
    )


def undo_of_line(decision: Decision) -> SafeString:
    """The same in a list, where it has no key and says what it would take back."""
    when = date_format(timezone.localtime(decision.at), "DATETIME_FORMAT")
    return format_html(
        '<span class="desk"><button class="act small" form="undo" name="decision" value="{}"'
        ' aria-label="{}">{}</button></span>',
        decision.pk,
        _("Undo: %(verb)s, %(when)s") % {"verb": decision, "when": when},
        _("Undo"),
    )


def first(comment: Comment) -> str:
    """ "Already published by Ana, 10 seconds ago: Priya Nair." After an undo, how it stands now."""
    latest = comment.last_decision
    if not latest:
        return _("It was so already: %(name)s.") % {"name": comment.name}
    words = TAKEN_BACK if latest.verb == Decision.Verb.UNDO else ALREADY
    return words % {
        "verb": str(latest.get_verb_display()).lower(),
        "state": str(comment.get_status_display()).lower(),
        "by": latest.by or _("the blog’s rules"),
        "ago": latest.ago,
        "name": comment.name,
    }


def seen_in(tokens: Iterable[str]) -> dict[int, int]:
    """From what the boxes of the desk send ("120.8812") to comment → last decision."""
    pairs = (token.partition(".") for token in tokens)
    return {int(pk): int(last) for pk, _dot, last in pairs if _is_key(pk) and _is_key(last)}


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
