"""What the pages of the desk read out of a request, and how its actions answer."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from blog.requests import StaffRequest
from comments import permissions
from comments.desk import acting
from comments.desk.listing import Listing
from comments.models import Comment, Decision


def by_post(view: Callable) -> Callable:
    """Does nothing by GET but open the desk: so comes back who had to log in again meanwhile."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            return view(request)
        return back(Listing.of(request.GET), c=request.GET.get("c", ""))

    return guarded


def allow(request: StaffRequest) -> None:
    """Raises PermissionDenied for whoever may decide about nothing."""
    user = request.user
    if not (user.has_perm(permissions.ALL) or user.has_perm(permissions.OWN)):
        raise PermissionDenied


def asked(request: StaffRequest) -> tuple[Comment, int]:
    """The one comment that a form is about, and the last decision its sender knew of."""
    allow(request)
    seen = acting.seen_in([request.POST.get("c") or f"{request.GET.get('c', '')}.0"])
    for key, last in seen.items():
        theirs = joined(Comment.objects.for_moderator(request.user))
        return get_object_or_404(theirs, pk=key), last
    raise Http404


def joined(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """The comments with all that the desk prints of them, in one query."""
    return comments.select_related("post", "parent", "person")


def key(said: str) -> int:
    """`said` as the key of a row, 0 where it is none."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0


def latest() -> int:
    """The key of the newest comment: what comes later was not seen."""
    return Comment.objects.aggregate(latest=Max("pk"))["latest"] or 0


def last_decision() -> int:
    """The key of the latest decision: what was decided after it was not seen."""
    return Decision.objects.aggregate(latest=Max("pk"))["latest"] or 0


def back(listing: Listing, c: str = "") -> HttpResponse:
    """To the list, with the comment `c` opened where it is the key of one."""
    more = {"c": c} if key(c) else {}
    return see(reverse("admin:moderation") + listing.query(**more))


def see(url: str) -> HttpResponse:
    """Look there, with GET."""
    return HttpResponseRedirect(url, status=HTTPStatus.SEE_OTHER)  # RFC 9110, 15.4.4


def own(url: str) -> str:
    """`url` where it is a page of the admin site, else the desk."""
    home = reverse("admin:index")
    is_ours = url.startswith(home) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if is_ours else reverse("admin:moderation")


def opening(decision: Decision, url: str) -> str:
    """`own(url)`; at the desk with the comment opened that the decision was about, if it is one."""
    path, _mark, query = own(url).partition("?")
    if path != reverse("admin:moderation") or decision.size != 1:
        return own(url)
    only = decision.changes.values_list("comment", flat=True).first()
    return path + Listing.of(QueryDict(query)).query(c=str(only or ""))


def tell(request: HttpRequest, outcome: acting.Outcome) -> None:
    """Puts what came of an act above the next page."""
    if outcome.done:
        messages.success(request, outcome.done)
    elif not outcome.others:
        messages.info(request, _("There was nothing to do."))
    for words in outcome.others:
        messages.warning(request, words)
    if len(outcome.passed_over) > acting.TOLD:
        messages.warning(request, _("And others."))
