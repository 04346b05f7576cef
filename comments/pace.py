"""How much one sender, and one network, may send: counted where it is stored, so that nobody gets
past the limit by sending many at once.
"""

import ipaddress
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from blog.models import Blog
from comments import networks
from comments.models import Comment

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class TooFast(Exception):
    """More comments than the blog takes from one sender or network; `seconds` to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def check(address: str | None, blog: Blog) -> None:
    """Raises TooFast. An address of this machine is a proxy's and says nothing about who writes."""
    if not address or ipaddress.ip_address(address).is_loopback:
        return
    sender = Comment.objects.filter(host=networks.host(address))
    _limit(sender, MINUTE, blog.comments_per_minute)
    _limit(Comment.objects.filter(network=networks.network(address)), HOUR, blog.comments_per_hour)


def take_turn(address: str | None) -> None:
    """Lets one comment of a network in at a time, until the transaction ends.

    SQLite writes one at a time anyway.
    """
    if address and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            key = f"comments of {networks.network(address)}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _limit(comments: QuerySet[Comment], window: timedelta, most: int) -> None:
    now = timezone.now()
    recent = comments.filter(created_at__gt=now - window, user=None).order_by("-created_at")
    oldest = recent.values_list("created_at", flat=True)[most - 1 : most]
    if oldest:
        raise TooFast(_seconds_until(oldest[0] + window, now))


def _seconds_until(then: datetime, now: datetime) -> int:
    return max(1, round((then - now).total_seconds()))
