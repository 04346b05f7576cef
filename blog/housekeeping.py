"""What machines ask a site for: robots.txt, the icon, files, and whether it is well."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe
from django.views.static import serve

from blog import pages
from blog.requests import BlogRequest

ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /*?reply=
Disallow: /comments/held/

Sitemap: {site}/sitemap.xml
"""
# A file that somebody opens by its own address, an SVG say, may do nothing at all.
FILE_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"


@require_safe
def robots(request: BlogRequest) -> HttpResponse:
    pages.keep(request)
    text = ROBOTS.format(site=settings.SITE_URL)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("favicon.ico"), permanent=True)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the blog, with the times that let a browser keep it."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Content-Security-Policy"] = FILE_POLICY
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; what a proxy or a supervisor asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
