"""What a request needs to know of the blog."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.utils import timezone

from blog import editions, frame
from blog.requests import BlogRequest

NO_BLOG_NEEDED = ("/static/", "/media/", "/healthz")


class CurrentBlog:
    """Puts the settings row on the request as `blog` and speaks in the blog's time zone."""

    def __init__(self, get_response: Callable[[BlogRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: BlogRequest) -> HttpResponse:
        if request.path.startswith(NO_BLOG_NEEDED):
            return self.get_response(request)
        if "\0" in request.path_info:  # PostgreSQL takes no such text
            raise Http404
        query = request.META["QUERY_STRING"]
        if "%00" in query or "\0" in query:
            raise BadRequest
        request.editions = editions.read()
        request.frame = frame.KEPT.of(request.editions.blog)
        request.blog = request.frame.blog
        with timezone.override(ZoneInfo(request.blog.time_zone)):
            return self.get_response(request)
