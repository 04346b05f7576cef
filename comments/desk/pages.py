"""What the desk shows. Each page is wrapped by the admin site, which asks for a log-in."""

from dataclasses import replace

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog.models import Post
from blog.requests import StaffRequest
from comments import reports, screening
from comments.desk import acting, counts, requests
from comments.desk import waves as found
from comments.desk.listing import LOOKED_AT, PAGE, STATES, Listing
from comments.desk.reading import Reading, slips
from comments.models import Comment, Decision, Preference

# What a slip of the queue prints.
PRINTED = "name status created_at html reasons wave last_decision post__title".split()
# What the bar above the queue offers in each view.
BULK = {
    "pending": ["publish", "mark_spam", "remove"],
    "published": ["hold", "mark_spam", "remove"],
    "spam": ["publish", "hold", "remove"],
    "removed": ["publish", "hold", "mark_spam"],
    "mine": ["hold", "remove"],
    "blatant": ["publish", "hold", "remove"],
}


@require_safe
def moderation(request: StaffRequest) -> HttpResponse:
    """The queue, and one comment of it opened."""
    requests.allow(request)
    return desk(request, Listing.of(request.GET), is_replying="reply" in request.GET)


def desk(request: StaffRequest, listing: Listing, **more) -> TemplateResponse:
    """A page of a list, with the comment opened that the address, or the form, names."""
    listing = listing.bounded(request.user)
    queue = listing.comments(request.user)
    page, total = _page(listing, queue)
    if listing.after and not page:
        return desk(request, replace(listing, after=""), **more)
    opened = _opened(request, page[:PAGE])
    older = {"after": str(page[PAGE - 1].pk)} if len(page) > PAGE else {}
    following = _neighbour(page, opened, +1)
    is_older = bool(older) and following == page[PAGE]
    context = frame(request, listing)
    context |= {
        "slips": slips(
            _with(opened, page[:PAGE], queue),
            Comment.objects.for_moderator(request.user),
            opened,
            lambda comment: listing.query(c=str(comment.pk)),
        ),
        "reading": opened and Reading(opened, request.blog, request.user, listing),
        "next": following,
        "next_query": following
        and listing.query(c=str(following.pk), **(older if is_older else {})),
        "previous": _neighbour(page, opened, -1),
        "more": listing.query(**older) if older else "",
        "total": counts.words(total) if listing.is_filtered else context["total_of_view"],
        "turned": listing.query(order="" if listing.order == "oldest" else "oldest"),
        "bulk_verbs": [(verb, acting.VERBS[verb]) for verb in BULK[listing.state]],
    }
    return TemplateResponse(request, "admin/comments/desk/moderation.html", context | more)


@require_safe
def waves(request: StaffRequest) -> HttpResponse:
    """Waiting comments that are nearly the same, or link to the same domain, as groups."""
    requests.allow(request)
    context = frame(request, Listing())
    context["tabs"] = [tab | {"is_current": False} for tab in context["tabs"]]
    context |= {
        "is_waves": True,
        "title": _("Waves"),
        "groups": found.groups(request.user),
        "upto": requests.latest(),
    }
    return TemplateResponse(request, "admin/comments/desk/waves.html", context)


@require_safe
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far a decision about very many has come; the page asks again by itself."""
    requests.allow(request)
    decision = get_object_or_404(Decision, pk=pk, by=request.user)
    if not decision.scope:
        if decision.undoes:
            done = acting.undone(decision.undoes, decision)
        else:
            done = acting.Outcome(decision, []).done
        messages.success(request, done if decision.size else _("Nothing was left to do."))
        return requests.see(reverse("admin:moderation"))
    context = frame(request, Listing()) | {"title": _("Deciding"), "decision": decision}
    response = TemplateResponse(request, "admin/comments/desk/progress.html", context)
    response["Refresh"] = "1"
    return response


def frame(request: StaffRequest, listing: Listing) -> dict:
    """What every page of the desk prints."""
    preference = Preference.objects.filter(user=request.user).first()
    tabs = counts.tabs(listing, request)
    return admin.site.each_context(request) | {
        "title": _("Moderation"),
        "listing": listing,
        "query": listing.query(),
        "state": STATES[listing.state],
        "tabs": tabs,
        "total_of_view": next(tab["count"] for tab in tabs if tab["is_current"]),
        "upto": requests.latest(),
        "decided": requests.last_decision(),
        "verbs": acting.VERBS,
        "reported": reports.unsettled(),
        "has_keys": bool(preference and preference.keys),
        "filtered_post": _post_title(listing),
        "reason_codes": screening.CODES,
        "looked_at": counts.words(LOOKED_AT, LOOKED_AT),
        "blog": request.blog,
    }


def _page(listing: Listing, queue: QuerySet[Comment]) -> tuple[list[Comment], int | None]:
    """One page, one comment more where there is one; and how many a filtered list has.

    The keys first, which an index has in their order, then the rows of these alone. What has to be
    looked for is looked for once: all keys, as far as they are counted.
    """
    count_here = listing.is_scanned and not listing.after
    later = listing.rest(queue).values_list("pk", flat=True)
    keys = list(later[: counts.MOST + 1 if count_here else PAGE + 1])
    total = len(keys) if count_here else counts.capped(queue) if listing.is_filtered else None
    rows = Comment.objects.select_related("post").only(*PRINTED).in_bulk(keys[: PAGE + 1])
    return [rows[key] for key in keys[: PAGE + 1] if key in rows], total


def _with(opened: Comment | None, page: list[Comment], queue: QuerySet[Comment]) -> list[Comment]:
    """The page, on top of it the comment that is open where it belongs to the list but not here."""
    if opened and page and opened not in page and queue.filter(pk=opened.pk).exists():
        return [opened, *page]
    return page


def _post_title(listing: Listing) -> str:
    if not listing.post:
        return ""
    return Post.objects.filter(pk=listing.post).values_list("title", flat=True).first() or ""


def _opened(request: StaffRequest, page: list[Comment]) -> Comment | None:
    """The comment that the address names, else the first of the page, with all that is printed."""
    theirs = requests.joined(Comment.objects.for_moderator(request.user))
    key = requests.key(request.GET.get("c") or request.POST.get("c", "").partition(".")[0])
    opened = theirs.filter(pk=key).first() if key else None
    if not opened and page:
        opened = theirs.filter(pk=page[0].pk).first()
    return opened


def _neighbour(page: list[Comment], opened: Comment | None, step: int) -> Comment | None:
    if opened not in page:
        return page[0] if page and step > 0 else None
    place = page.index(opened) + step
    return page[place] if 0 <= place < len(page) else None
