"""RSS 2.0 of what was said: everywhere, or under one post."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from blog import feeds, pages
from blog.requests import BlogRequest
from blog.views import published_post
from comments import markup, permalinks
from comments.models import Comment

ITEMS = 20


def all_comments(request: BlogRequest) -> HttpResponse:
    """The newest published comments of the blog."""
    pages.keep(request, counts=True)
    comments = Comment.objects.public().select_related("post")
    title = _("Comments on %(blog)s") % {"blog": request.blog.title}
    return _answer(request, title, "/", comments)


def of_post(request: BlogRequest, place: str) -> HttpResponse:
    """The newest published comments of one post."""
    post = published_post(place)
    if post.place != place:
        return redirect("post_comments_feed", post.place, permanent=True)
    pages.keep(request, thread=post)
    comments = post.comments.published().select_related("post")
    title = _("Comments on %(post)s") % {"post": post.title}
    return _answer(request, title, post.get_absolute_url(), comments)


def _with_places(comment: Comment) -> str:
    """A comment's HTML with what it cites led to by whole addresses."""
    cited = markup.citations(comment.html)
    branches = {one: feeds.absolute(permalinks.of_branch(comment.post, one)) for one in cited}
    return markup.lead(comment.html, branches)


def _answer(request: BlogRequest, title: str, link: str, comments) -> HttpResponse:
    feed = feeds.empty(request, title=title, link=link, description=title)
    for comment in comments.order_by("-published_at", "-pk")[:ITEMS]:
        words = {"name": comment.name, "number": comment.number, "post": comment.post.title}
        url = feeds.absolute(comment.get_absolute_url())
        feed.add_item(
            title=_("%(name)s (%(number)s) on %(post)s") % words,
            link=url,
            description=_with_places(comment),
            author_name=comment.name,
            pubdate=comment.published_at,
            unique_id=url,
        )
    return feeds.answer(feed)
