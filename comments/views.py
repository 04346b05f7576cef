"""Reading further, answering, and what a writer sees of a comment that waits."""

from http import HTTPStatus

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog import pages
from blog.models import Post
from blog.requests import BlogRequest
from blog.views import published_post
from comments import (
    markup,
    numbers,
    origin,
    pace,
    permalinks,
    permissions,
    printing,
    screening,
    submission,
    threads,
)
from comments.forms import CommentForm
from comments.models import Comment
from config.proxies import client_address

LINK_AGE = 30 * 24 * 60 * 60  # seconds that the link to a waiting comment works
SALT = "comments.held"


@require_safe
def window(request: BlogRequest, place: str, first: str, last: str) -> HttpResponse:
    """Fifty top-level comments and their answers."""
    post, start = published_post(place), int(first)
    if post.place != place:
        return redirect(f"{post.get_absolute_url()}comments/{first}-{last}/", permanent=True)
    if start % numbers.WINDOW != 1 or int(last) != start + numbers.WINDOW - 1:
        raise Http404
    if start == 1:
        return redirect(f"{post.get_absolute_url()}#comments", permanent=True)
    if start > post.last_number:
        raise Http404
    pages.keep(request, thread=post)
    context = {"post": post, "first": start, "last": min(int(last), post.last_number)}
    return render(request, "comments/window.html", context)


@require_safe
def branch(request: BlogRequest, place: str, number: str) -> HttpResponse:
    """One comment and all answers to it, 250 on a page."""
    post = published_post(place)
    if post.place != place:
        return redirect(permalinks.of_branch(post, number), permanent=True)
    root = get_object_or_404(post.comments.numbered(number))
    pages.keep(request, thread=post)
    after = numbers.path_of(request.GET.get("after", "")) or ""
    entries, more = threads.branch(post, root.path, after)
    if not entries and not more:
        raise Http404
    user = request.user if request.user.is_authenticated else None
    is_open = not post.comments_closed_because(request.blog, user)
    moderators = permissions.known_moderators(request.frame)
    thread = printing.thread(entries, post, moderators, is_open=is_open, is_window=False)
    context = {"post": post, "root": root, "thread": thread, "more": more}
    return render(request, "comments/branch.html", context | {"up": _above(post, root)})


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # pages are cached without a token; `origin` guards instead
def respond(request: BlogRequest, place: str) -> HttpResponse:
    """Takes a comment, shows its preview, or says what is wrong with it; nothing typed is lost."""
    try:
        post = published_post(place)
    except Http404:
        kept = {"typed": request.POST.get("comment", "")}
        return render(request, "404.html", kept, status=HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        return redirect(f"{post.get_absolute_url()}#comments")
    user = request.user if request.user.is_authenticated else None
    form = CommentForm(request.POST, post=post, blog=request.blog, user=user)
    is_valid = form.is_valid()
    if origin.is_elsewhere(request):
        refused = _("This came from a page of another site. Look at it, and send it from here.")
        return _form_page(request, form, HTTPStatus.FORBIDDEN, refused=refused)
    if closed := post.comments_closed_because(request.blog, user):
        return _form_page(request, form, HTTPStatus.FORBIDDEN, refused=closed, is_final=True)
    if not is_valid:
        return _form_page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = form.submission(
        address=client_address(request),
        user_agent=request.headers.get("User-Agent", ""),
        referrer=request.headers.get("Referer", ""),
    )
    if request.POST.get("do") == "preview":
        return _preview(request, form, sent)
    return _take(request, form, sent)


@never_cache
@require_safe
def held(request: BlogRequest, token: str) -> HttpResponse:
    """The writer's private page: the comment as it will appear, and what became of it."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_AGE)
    except signing.SignatureExpired:
        return render(request, "comments/expired.html", status=HTTPStatus.FORBIDDEN)
    except signing.BadSignature:
        raise Http404 from None
    comment = get_object_or_404(Comment.objects.select_related("post", "parent"), pk=pk)
    if comment.is_published and comment.post.is_published:
        return redirect(comment)
    html = with_places(comment.html, comment.post)
    context = {"comment": comment, "post": comment.post, "html": html}
    response = render(request, "comments/held.html", context)
    response["X-Robots-Tag"] = "noindex, noarchive"
    response["Referrer-Policy"] = "same-origin"
    return response


def _take(request: BlogRequest, form: CommentForm, sent: submission.Submission) -> HttpResponse:
    if comment := submission.stored(sent):
        return _to(comment)
    try:
        pace.check(None if sent.is_staff else sent.address, request.blog)  # before any work
        verdict = screening.judge(sent, request.blog)
        return _to(submission.store(sent, verdict, request.blog))
    except pace.TooFast as pause:
        response = _form_page(request, form, HTTPStatus.TOO_MANY_REQUESTS, wait=pause.seconds)
        response["Retry-After"] = str(pause.seconds)
        return response


def _to(comment: Comment) -> HttpResponse:
    """303 to where the comment stands, or to the page that tells its writer of it."""
    if not comment.is_published:
        url = reverse("comment_held", args=[signing.dumps(comment.pk, salt=SALT)])
    else:
        page, _hash, fragment = comment.get_absolute_url().partition("#")
        url = f"{page}?posted={comment.number}#{fragment}"
    response = redirect(url)
    response.status_code = HTTPStatus.SEE_OTHER  # RFC 9110, 15.4.4: look there with GET
    return response


def _preview(request: BlogRequest, form: CommentForm, sent: submission.Submission) -> HttpResponse:
    known = {comment.number for comment in submission.cited_in(sent.body, sent.post)}
    html = with_places(markup.render(sent.body, known), sent.post)
    return _form_page(request, form, HTTPStatus.OK, preview=sent, html=html)


def with_places(html: str, post: Post) -> str:
    """A comment's HTML on a page where none of those it cites stands."""
    cited = markup.citations(html)
    return markup.lead(html, {number: permalinks.of_branch(post, number) for number in cited})


def _above(post: Post, comment: Comment) -> str:
    """The page of the window in which the thread of a comment begins."""
    return f"{permalinks.of_window(post, numbers.window(comment.path))}#comments"


def _form_page(request: BlogRequest, form: CommentForm, status: int, **more) -> HttpResponse:
    response = render(
        request, "comments/form_page.html", {"form": form, "post": form.post, **more}, status=status
    )
    response["Cache-Control"] = "no-store"
    return response
