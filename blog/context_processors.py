from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict:
    """What the head and foot of every page print: the blog, its pages, where it stands."""
    return {
        "blog": getattr(request, "blog", None),
        "pages": request.frame.menu if hasattr(request, "frame") else [],
        "site_url": settings.SITE_URL,
        "canonical": settings.SITE_URL + request.path,
    }
