"""Whether a form was sent from a page of another site.

Public pages are cached for everybody and carry no token; what a browser says of itself is asked
instead: Sec-Fetch-Site (W3C Fetch Metadata), else Origin (RFC 6454). A client that says neither is
no browser in which another site could have put words (curl, w3m) and is let through.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_elsewhere(request: HttpRequest) -> bool:
    """True when the browser says that another origin sent this request."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    if origin := request.headers.get("Origin"):
        return urlsplit(origin).netloc != request.get_host()
    return False
