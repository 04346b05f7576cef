"""The pages for what went wrong, in the blog's own design (Django's handlers name them).

404 and 403 have the blog's whole frame. 400, 500 and 503 are drawn without the database, because
it may be what is missing.
"""

import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

RETRY_AFTER = 10  # seconds until an outage is worth another try


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"other_site": True}, status=HTTPStatus.FORBIDDEN)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """429 for who guessed too often at a password (RFC 6585, section 4)."""
    answer = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = "3600"
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return bare("400.html", HTTPStatus.BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when what failed is the database, with the reader's words kept in a form."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return bare("500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 (RFC 9110, section 15.6.4), with the fields of a comment in a form to send again."""
    typed = request.POST if "comment" in request.POST else None
    response = bare("503.html", HTTPStatus.SERVICE_UNAVAILABLE, {"typed": typed})
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def bare(template: str, status: int, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """A page drawn without the request, so that nothing on it asks the database."""
    return HttpResponse(
        render_to_string(template, context),
        status=status,
        headers={"Cache-Control": "no-store"},
    )
