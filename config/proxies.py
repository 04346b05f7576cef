"""Who asks: the address of the client, through as many proxies as TRUSTED_PROXIES says."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

# Whom a trusted proxy did not name so that it can be read. All of them count as one sender, who
# is limited as any other: the address that is none (RFC 1122, section 3.2.1.3).
UNKNOWN = "0.0.0.0"  # noqa: S104  nothing listens there
# As proxies write it: bare, with a port, an IPv6 address with a port in brackets (RFC 7239, 6).
FORMS = re.compile(r"\[([^\]]+)\](?::\d{1,5})?|([^:]+)(?::\d{1,5})?|(.+)")


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address, or None where the connection has none (a UNIX socket).

    Each trusted proxy appends the address that it saw to X-Forwarded-For, so the client's stands
    TRUSTED_PROXIES places from the right; what stands left of it anybody may have written. Where
    that cannot be read it is UNKNOWN, never the proxy's own, which stands for nobody.
    """
    seen, trusted = (
        request.META.get("HTTP_X_FORWARDED_FOR", "").split(","),
        settings.TRUSTED_PROXIES,
    )
    if trusted and any(map(str.strip, seen)):
        return (as_address(seen[-trusted]) if trusted <= len(seen) else None) or UNKNOWN
    return as_address(request.META.get("REMOTE_ADDR", ""))


def as_address(text: str) -> str | None:
    """`text` as an IP address in its usual form, IPv4 in IPv6 unwrapped; None if it is none."""
    form = FORMS.fullmatch(text.strip(' \t"'))
    try:
        address = ipaddress.ip_address((form[form.lastindex] if form else "").partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
