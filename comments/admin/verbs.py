"""The verbs in the admin's own list of comments, about what the moderator has seen there."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME as TICKED
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from blog.models import User
from comments import bulk
from comments.desk import acting, requests
from comments.desk.actions import AT_ONCE

UNSEEN = -1  # as the last decision about a comment of which its list said nothing


def actions() -> dict[str, tuple[Callable, str, str]]:
    """The verbs as Django's admin wants its actions."""
    return {verb: (_action(verb), verb, label) for verb, label in acting.VERBS.items()}


def decide(modeladmin, request: HttpRequest, seen: dict[int, int], verb: str) -> None:
    """Does a verb, says what was done and who was first, and writes the admin's own history."""
    within = modeladmin.get_queryset(request)
    outcome = acting.decide(seen, verb, cast(User, request.user), within=within)
    if decision := outcome.decision:
        done = decision.comments.all()
        LogEntry.objects.log_actions(request.user.pk, done, CHANGE, str(decision))
    requests.tell(request, outcome)


def _action(verb: str) -> Callable:
    def action(modeladmin, request: HttpRequest, queryset: QuerySet) -> None:
        seen = _seen(request, queryset)
        if len(seen) > AT_ONCE:
            modeladmin.message_user(request, _too_many(), messages.ERROR)
        else:
            decide(modeladmin, request, seen, verb)

    return action


def _seen(request: HttpRequest, queryset: QuerySet) -> dict[int, int]:
    """Comment → last decision: of those that are ticked, whether or not they still belong to the
    list; or of all of a list, as it was when it was read."""
    if request.POST.get("select_across") == "1":
        upto, decided = (requests.key(request.POST.get(name, "")) for name in ("upto", "decided"))
        these = bulk.as_read(queryset, upto, decided).order_by()
        found = these.values_list("pk", "last_decision")[: AT_ONCE + 1]
        return {pk: last or 0 for pk, last in found}
    told = acting.seen_in(request.POST.getlist("c"))
    ticked = {requests.key(said) for said in request.POST.getlist(TICKED)}
    return {pk: told.get(pk, UNSEEN) for pk in ticked}


def _too_many() -> SafeString:
    words = gettext("Nothing was done: these are too many for one step. {desk} takes them.")
    desk = format_html('<a href="{}">{}</a>', reverse("admin:moderation"), gettext("The desk"))
    return format_html(words, desk=desk)
