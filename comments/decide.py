"""The page behind the link in a notice: the comment, and what its moderator can do about it.

Only a POST acts, so a scanner that follows every link of a mail changes nothing. No session is used
and none begun: the address itself is the permission, so nothing on the page may give it away.
"""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog.requests import BlogRequest
from comments import letters, origin, warrants
from comments.models import Comment
from comments.views import with_places

VERBS = {
    "publish": gettext_lazy("Publish"),
    "mark_spam": gettext_lazy("Spam"),
    "remove": gettext_lazy("Remove"),
}
ALREADY = {
    "publish": gettext_lazy("Already published by %(who)s, %(ago)s."),
    "mark_spam": gettext_lazy("Already called spam by %(who)s, %(ago)s."),
    "remove": gettext_lazy("Already removed by %(who)s, %(ago)s."),
    "restore": gettext_lazy("Already restored by %(who)s, %(ago)s."),
    "hold": gettext_lazy("Held by %(who)s, %(ago)s."),
    "edit": gettext_lazy("Changed by %(who)s, %(ago)s."),
    "block": gettext_lazy("Already called spam by %(who)s, %(ago)s."),
    "empty": gettext_lazy("Its words were deleted, as old spam is, %(ago)s."),
    "undo": gettext_lazy("%(who)s took a decision back, %(ago)s; it is %(state)s now."),
}


@never_cache
@csrf_exempt  # the token in the address is the permission; `origin` guards as well
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: BlogRequest, token: str) -> HttpResponse:
    """Shows a waiting comment with its buttons, and does what one of them says."""
    response = _answer(request, token)
    response["X-Robots-Tag"] = "noindex, noarchive"
    response["Referrer-Policy"] = "same-origin"
    return response


def _answer(request: BlogRequest, token: str) -> HttpResponse:
    warrant = warrants.opened(token)
    if not warrant:
        return render(request, "comments/decide_refused.html", status=HTTPStatus.FORBIDDEN)
    if request.method != "POST":
        return _page(request, warrant)
    if origin.is_elsewhere(request):
        return _page(request, warrant, HTTPStatus.FORBIDDEN)
    do = request.POST.get("do", "")
    if do not in VERBS and do != "undo":
        return _page(request, warrant, HTTPStatus.BAD_REQUEST)
    if warrant.undo() if do == "undo" else warrant.use(do):
        response = redirect(request.path)
        response.status_code = HTTPStatus.SEE_OTHER
        return response
    undone = VERBS.get(do, gettext_lazy("Undo"))
    return _page(
        request, warrants.opened(token) or warrant, HTTPStatus.CONFLICT, undone=str(undone)
    )


def _page(
    request: BlogRequest,
    warrant: warrants.Warrant,
    status: int = HTTPStatus.OK,
    *,
    undone: str = "",
) -> HttpResponse:
    comment = warrant.comment
    context = {
        "comment": comment,
        "post": comment.post,
        "html": with_places(comment.html, comment.post),
        "moderator": warrant.user,
        "is_good": warrant.is_good,
        "was_undone": warrant.is_good and comment.last_decision_id != (warrant.decision or None),
        "own": warrant.undoable(),
        "already": _already(comment),
        "verbs": VERBS,
        "reasons": letters.weighed(comment),
        "record": letters.record(comment),
        "desk": letters.desk(comment),
        "undone": undone,  # what was asked for and came too late
    }
    return render(request, "comments/decide.html", context, status=status)


def _already(comment: Comment) -> str:
    """Who was first, and when."""
    last = comment.last_decision
    if not last:
        return _("It does not wait any more.")
    who = last.by.name if last.by else _("the blog’s own rules")
    state = str(comment.get_status_display()).lower()
    return ALREADY[last.verb] % {"who": who, "ago": last.ago, "state": state}
