"""Which requests may be answered with a page that is kept, and under which key it is.

Whatever of a request can change a page is part of its key; all else is left out of it, and cannot.
"""

from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host

# Never kept, and quickly told: they have validators of their own, or are somebody's alone.
PREFIXES = ("/admin/", "/static/", "/media/", "/healthz", "/welcome/")
KEPT = {"after"}  # parameters that pages are kept by
PERSONAL = {"reply", "posted", "q"}  # those whose pages are not kept; others change nothing


def of(environ: dict) -> str | None:
    """The key of the page that a request (its WSGI environment) asks for; None where it is not to
    be answered from what is kept."""
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(PREFIXES):
        return None
    if settings.SESSION_COOKIE_NAME in environ.get("HTTP_COOKIE", ""):
        return None
    if not _is_ours(environ.get("HTTP_HOST", "")):
        return None
    scheme = _scheme(environ)
    if settings.SECURE_SSL_REDIRECT and scheme != "https":
        return None
    asked = environ["QUERY_STRING"]
    if not asked:
        return f"{scheme}:{path}"
    said = query(asked)
    return None if said is None else f"{scheme}:{path}{'?' if said else ''}{said}"


def query(asked: str) -> str | None:
    """What is left of a query string: KEPT, in order; None where the page is somebody's alone."""
    try:
        said = dict(parse_qsl(asked, max_num_fields=100))
    except ValueError:
        return None
    if PERSONAL & said.keys():
        return None
    return urlencode(sorted((name, value) for name, value in said.items() if name in KEPT))


def _scheme(environ: dict) -> str:
    """By which the client asked, as Django tells it: headers of the answer depend on it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        claimed = environ.get(header)
        if claimed is not None:
            return "https" if claimed.split(",")[0].strip() == secure else "http"
    return environ["wsgi.url_scheme"]


@lru_cache(maxsize=64)
def _is_ours(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
