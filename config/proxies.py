"""Who asks: the address of the client, through as many proxies as TRUSTED_PROXIES says."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address, or None where the connection has none (a UNIX socket).

    Each trusted proxy appends the address that it saw to X-Forwarded-For, so the client's stands
    TRUSTED_PROXIES places from the right; what stands left of it anybody may have written.
    """
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    claimed = seen[-trusted] if 0 < trusted <= len(seen) else ""
    return as_address(claimed) or as_address(request.META.get("REMOTE_ADDR", ""))


def as_address(text: str) -> str | None:
    """`text` as an IP address in its usual form, IPv4 in IPv6 unwrapped; None if it is none."""
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
