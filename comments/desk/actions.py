"""What is done at the desk: by POST alone, answered by 303 to what comes next, with an Undo."""

from collections.abc import Iterable
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.models import Blog
from blog.requests import StaffRequest
from comments import bulk, people, text
from comments import reports as readers
from comments.desk import acting, counts, pages, requests
from comments.desk.listing import PAGE, Listing
from comments.forms import CommentForm
from comments.models import Comment, Decision, Preference

AT_ONCE = 500  # comments that one request decides about; more are the worker's
MOST_TICKED = 200


@requests.by_post
def decide(request: StaffRequest) -> HttpResponse:
    """Publishes, holds, removes or calls spam: one comment, those that are ticked, or all."""
    requests.allow(request)
    verb = request.POST.get("do", "")
    if verb not in acting.VERBS:
        raise Http404
    listing = Listing.of(request.GET)
    if "all" in request.POST:
        listing = listing.bounded(request.user)
        return _decide_all(request, listing, verb)
    seen = acting.seen_in(request.POST.getlist("c")[:MOST_TICKED])
    if not seen:
        messages.warning(request, _("Tick the comments first."))
        return requests.back(listing)
    within = Comment.objects.for_moderator(request.user)
    requests.tell(request, acting.decide(seen, verb, request.user, within=within))
    return requests.back(listing, c=request.POST.get("next", ""))


@requests.by_post
def undo(request: StaffRequest) -> HttpResponse:
    """Takes a decision back, wherever in the admin site its button stands."""
    requests.allow(request)
    decision = get_object_or_404(Decision, pk=requests.key(request.POST.get("decision", "")))
    if not Decision.objects.within_reach_of(request.user).filter(pk=decision.pk).exists():
        raise PermissionDenied
    is_large = (decision.size or 0) > AT_ONCE
    if is_large and (undoing := bulk.undo(decision, by=request.user)):
        return requests.see(reverse("admin:moderation_progress", args=[undoing.pk]))
    messages.info(request, acting.undo(decision, request.user))
    return requests.see(requests.opening(decision, request.POST.get("back", "")))


@requests.by_post
def reply(request: StaffRequest) -> HttpResponse:
    """Publishes an answer, and the comment that it answers."""
    comment, seen = requests.asked(request)
    listing = Listing.of(request.GET)
    form = CommentForm(request.POST, post=comment.post, blog=Blog.current(), user=request.user)
    form.answered = comment
    del form.fields["parent"]
    if not form.is_valid():
        return _again(request, listing, HTTPStatus.UNPROCESSABLE_ENTITY, form.errors["comment"])
    outcome = acting.reply(comment, form.cleaned_data["comment"], request.user, seen)
    if not outcome.decision and outcome.others:
        return _again(request, listing, HTTPStatus.CONFLICT, outcome.others)
    requests.tell(request, outcome)
    return requests.back(listing, c=request.POST.get("next", ""))


@requests.by_post
def keys(request: StaffRequest) -> HttpResponse:
    """Switches the single keys on or off, for this moderator (WCAG 2.2, 2.1.4)."""
    requests.allow(request)
    preference, _made = Preference.objects.get_or_create(user=request.user)
    preference.keys = "on" in request.POST
    preference.save(update_fields=["keys"])
    return requests.see(requests.own(request.POST.get("back", "")))


@requests.by_post
def person(request: StaffRequest) -> HttpResponse:
    """Trusts a person or no longer does, or keeps a note for the other moderators."""
    comment, _seen = requests.asked(request)
    if not request.user.has_perm("comments.change_person") or not comment.person:
        raise PermissionDenied
    someone, by = comment.person, request.user
    if "note" in request.POST:
        note, read = (text.prose(request.POST.get(name, "")) for name in ("note", "read"))
        decision = people.keep_note(someone, note, read=read, by=by)
    elif request.POST.get("trust") == "yes":
        decision = people.trust(someone, by=by)
    else:
        decision = people.distrust(someone, by=by)
    requests.tell(request, acting.Outcome(decision, []))
    return requests.back(Listing.of(request.GET), c=str(comment.pk))


@requests.by_post
def reports(request: StaffRequest) -> HttpResponse:
    """Leaves a comment as it is and settles the reports that the moderator has read."""
    comment, _seen = requests.asked(request)
    upto = requests.key(request.POST.get("upto", ""))
    decision = readers.settle(comment, upto, by=request.user)
    requests.tell(request, acting.Outcome(decision, []))
    return requests.back(Listing.of(request.GET), c=str(comment.pk))


def _decide_all(request: StaffRequest, listing: Listing, verb: str) -> HttpResponse:
    """All of a list, as it was when it was seen; asks once where it is more than a page."""
    upto = requests.key(request.POST.get("upto", ""))
    decided = requests.key(request.POST.get("decided", "")) or requests.last_decision()
    these = bulk.as_read(listing.comments(request.user), upto, decided)
    count = counts.capped(these)
    if count > PAGE and "sure" not in request.POST:
        context = pages.frame(request, listing) | {
            "title": _("Are you sure?"),
            "verb": verb,
            "label": acting.VERBS[verb],
            "count": counts.words(count),
            "upto": upto,
            "decided": decided,
        }
        return TemplateResponse(request, "admin/comments/desk/sure.html", context)
    if count > AT_ONCE:
        query = listing.query().removeprefix("?")
        exact = these.order_by().count()
        decision = bulk.start(query, verb, by=request.user, read=(upto, decided), count=exact)
        return requests.see(reverse("admin:moderation_progress", args=[decision.pk]))
    seen = dict(these.order_by().values_list("pk", "last_decision"))
    seen = {pk: last or 0 for pk, last in seen.items()}
    within = Comment.objects.for_moderator(request.user)
    requests.tell(request, acting.decide(seen, verb, request.user, within=within))
    if request.POST.get("from") == "waves":
        return requests.see(reverse("admin:moderation_waves"))
    return requests.back(listing)


def _again(
    request: StaffRequest, listing: Listing, status: int, errors: Iterable[object]
) -> HttpResponse:
    """The desk with the answer as it was typed."""
    typed = text.prose(request.POST.get("comment", ""))
    response = pages.desk(request, listing, is_replying=True, typed=typed, errors=errors)
    response.status_code = status
    return response
