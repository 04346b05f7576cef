"""A reader tells the moderators of a comment that should not stand, and may take that back."""

from http import HTTPStatus

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blog.requests import BlogRequest
from blog.views import published_post
from comments import origin, pace, permalinks, reports, text
from comments.forms import ReportForm
from comments.models import Comment, Report
from config.proxies import client_address

LINK_AGE = 30 * 24 * 60 * 60  # seconds that the link to a report works
SALT = "comments.reported"


@never_cache
@csrf_exempt  # readers get no cookie and no token; `origin` guards instead
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: BlogRequest, place: str, number: str) -> HttpResponse:
    """Asks what is wrong with a comment and takes the answer; nothing typed is lost."""
    try:
        comment = _standing(place, number)
    except Http404:
        return _gone(request)
    if request.method != "POST":
        if comment.post.place != place:
            return redirect(permalinks.of_report(comment.post, number), permanent=True)
        return _form_page(request, ReportForm(), comment)
    form = ReportForm(request.POST)
    is_valid = form.is_valid()
    if origin.is_elsewhere(request):
        return _form_page(request, form, comment, HTTPStatus.FORBIDDEN, _elsewhere())
    if not is_valid:
        return _form_page(request, form, comment, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _take(request, form, comment)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def reported(request: BlogRequest, token: str) -> HttpResponse:
    """The reader's private page: what becomes of the report; by POST it is taken back."""
    try:
        pk, comment = signing.loads(token, salt=SALT, max_age=LINK_AGE)
    except signing.SignatureExpired:
        return _page(request, "comments/expired.html", HTTPStatus.FORBIDDEN, is_report=True)
    except signing.BadSignature:
        raise Http404 from None
    found = Report.objects.select_related("comment").filter(pk=pk).first()
    if request.method != "POST":
        return _thanks(request, found, comment)
    if origin.is_elsewhere(request):
        return _thanks(request, found, comment, HTTPStatus.FORBIDDEN, _elsewhere())
    if found:
        reports.take_back(found)
    return _see(request.path)


def _standing(place: str, number: str) -> Comment:
    return get_object_or_404(published_post(place).comments.published().numbered(number))


def _take(request: BlogRequest, form: ReportForm, comment: Comment) -> HttpResponse:
    reader = reports.reader(client_address(request), request.headers.get("User-Agent", ""))
    try:
        sent = reports.send(comment, reader, **form.cleaned_data)
    except Comment.DoesNotExist:
        return _gone(request)
    except pace.TooFast as pause:
        status, words = HTTPStatus.TOO_MANY_REQUESTS, _too_many(pause.seconds)
        response = _form_page(request, form, comment, status, words)
        response["Retry-After"] = str(pause.seconds)
        return response
    token = signing.dumps([sent.pk, comment.pk], salt=SALT)
    return _see(reverse("comment_reported", args=[token]))


def _thanks(
    request: BlogRequest, found: Report | None, comment: int, status: int = 200, refused: str = ""
) -> HttpResponse:
    context = {
        "report": found,
        "comment": Comment.objects.public().filter(pk=comment).select_related("post").first(),
        "is_reversible": found and reports.is_reversible(found),
        "refused": refused,
    }
    return _page(request, "comments/reported.html", status, **context)


def _form_page(
    request: BlogRequest, form: ReportForm, comment: Comment, status: int = 200, refused: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "comment": comment,
        "post": comment.post,
        "at": permalinks.of_report(comment.post, comment.number),
        "refused": refused,
    }
    return _page(request, "comments/report.html", status, **context)


def _gone(request: BlogRequest) -> HttpResponse:
    kept = text.line(request.POST.get("words", ""))
    return _page(request, "404.html", HTTPStatus.NOT_FOUND, typed=kept, is_report=True)


def _page(request: BlogRequest, template: str, status: int, **context) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex, noarchive"
    response["Referrer-Policy"] = "same-origin"
    return response


def _see(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = HTTPStatus.SEE_OTHER  # RFC 9110, 15.4.4: look there with GET
    return response


def _elsewhere() -> str:
    return _("This came from a page of another site. Look at it, and send it from here.")


def _too_many(seconds: int) -> str:
    minutes = -(-seconds // 60)
    words = ngettext(
        "You have reported %(most)d comments within an hour. Send this in %(minutes)d minute.",
        "You have reported %(most)d comments within an hour. Send this in %(minutes)d minutes.",
        minutes,
    )
    return words % {"most": reports.MOST, "minutes": minutes}
