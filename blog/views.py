"""The pages on which posts are read and listed."""

from datetime import UTC, datetime

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from blog import pages
from blog.models import Category, Post, Tag, User
from blog.models.post import PostQuerySet
from blog.requests import BlogRequest

LINES = 50  # posts on one page of an archive


def published_post(place: str) -> Post:
    """The post that `place` ("2014/01/slug") names, with whatever date; Http404 where none is."""
    posts = Post.objects.published().select_related("author")
    return get_object_or_404(posts, slug=place.rpartition("/")[2])


@require_safe
def post(request: BlogRequest, place: str) -> HttpResponse:
    """A post, or a page, with its conversation. A wrong date in its address is put right."""
    post = published_post(place)
    if post.place != place:
        return redirect(post, permanent=True)
    pages.keep(request, thread=post)
    around = request.frame.once(f"around post {post.pk}", lambda: _around(post))
    context = {"post": post, "follows": "reply" in request.GET}
    return render(request, "blog/post.html", context | around)


def _around(post: Post) -> dict:
    """Where a post stands among the others, and how it is filed."""
    before, after = post.neighbours() if post.kind == Post.Kind.POST else (None, None)
    categories, tags = post.filing()
    return {"before": before, "after": after, "categories": categories, "tags": tags}


@require_safe
def stream(request: BlogRequest, number: int = 0) -> HttpResponse:
    """The newest posts: the blog's front."""
    return _list(request, "blog/stream.html", "/", number, Post.objects.stream())


@require_safe
def category(request: BlogRequest, path: str, number: int = 0) -> HttpResponse:
    """The posts of a category and of all below it."""
    found = get_object_or_404(Category, path=path)
    below = Category.objects.filter(pk=found.pk) | Category.objects.filter(
        path__startswith=f"{found.path}/"
    )
    posts = Post.objects.stream().filter(categories__in=below).distinct()
    more = {"subject": found, "above": found.trail(), "below": found.children.all()}
    return _list(request, "blog/category.html", found.get_absolute_url(), number, posts, more)


@require_safe
def tag(request: BlogRequest, slug: str, number: int = 0) -> HttpResponse:
    found = get_object_or_404(Tag, slug=slug)
    posts = Post.objects.stream().filter(tags=found)
    return _list(
        request, "blog/tag.html", found.get_absolute_url(), number, posts, {"subject": found}
    )


@require_safe
def author(request: BlogRequest, slug: str, number: int = 0) -> HttpResponse:
    found = get_object_or_404(User, slug=slug)
    posts = Post.objects.stream().filter(author=found)
    if not posts.exists():
        raise Http404
    return _list(
        request, "blog/author.html", found.get_absolute_url(), number, posts, {"subject": found}
    )


@require_safe
def archive(request: BlogRequest, number: int = 0) -> HttpResponse:
    """Every post by year, newest first."""
    return _list(
        request, "blog/archive.html", "/archive/", number, Post.objects.stream(), size=4 * LINES
    )


@require_safe
def year(request: BlogRequest, year: int, number: int = 0) -> HttpResponse:
    start, end = _day(year, 1), _day(year + 1, 1)
    return _period(request, "blog/year.html", start, end, f"{year:04}", f"/{year:04}/", number)


@require_safe
def month(request: BlogRequest, year: int, month: int, number: int = 0) -> HttpResponse:
    if not 1 <= month <= 12:
        raise Http404
    start, end = _day(year, month), _day(year + month // 12, month % 12 + 1)
    title = date_format(timezone.localtime(start), "YEAR_MONTH_FORMAT")
    base = f"/{year:04}/{month:02}/"
    return _period(request, "blog/period.html", start, end, title, base, number)


def _day(year: int, month: int) -> datetime:
    try:
        day = datetime(year, month, 1, tzinfo=timezone.get_current_timezone())
        return day.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Http404 from None


def _period(
    request: BlogRequest,
    template: str,
    start: datetime,
    end: datetime,
    title: str,
    base: str,
    number: int,
) -> HttpResponse:
    posts = Post.objects.stream().filter(published_at__gte=start, published_at__lt=end)
    if not posts.exists():
        raise Http404
    return _list(request, template, base, number, posts, {"title": title}, LINES)


def _list(
    request: BlogRequest,
    template: str,
    base: str,
    number: int,
    posts: PostQuerySet,
    more: dict | None = None,
    size: int = 0,
) -> HttpResponse:
    """Page `number` of the list at the address `base`; 0 is the first page at that very address."""
    if number == 1:
        return redirect(base, permanent=True)
    pages.keep(request, counts=True)
    paginator = Paginator(posts.for_list(), size or request.blog.posts_per_page)
    try:
        page = paginator.page(number or 1)
    except EmptyPage:
        raise Http404 from None
    newer = f"{base}page/{number - 1}/" if number > 2 else base
    context = {
        "page": page,
        "base": base,
        "newer": newer,
        "older": f"{base}page/{(number or 1) + 1}/",
    }
    return render(request, template, context | (more or {}))
