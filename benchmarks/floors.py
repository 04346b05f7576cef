"""What Colloquy is compared with in the same run: a bare WSGI function, and a plain Django view,
that answer with the bytes of the page, which BENCH_PAGE names, under the same server.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

BODY = Path(os.environ["BENCH_PAGE"]).read_bytes()
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Content-Length", str(len(BODY))),
]


def bare(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]


def view(request, **anything):
    return HttpResponse(BODY, headers=dict(HEADERS))


urlpatterns = [path("<path:anything>", view)]
if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="floor",
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )
    django.setup()
plain = get_wsgi_application()
