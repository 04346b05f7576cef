"""How much one sender, and one network, may send: counted where it is stored, so that nobody gets
past the limit by sending many at once.
"""

from datetime import datetime, timedelta
from math import ceil

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
    """Raises TooFast."""
    if not networks.is_telling(address):
        return
    sender = Comment.objects.filter(host=networks.host(address))
    _limit(sender, MINUTE, blog.comments_per_minute)
    _limit(Comment.objects.filter(network=networks.network(address)), HOUR, blog.comments_per_hour)


def take_turn(address: str | None) -> None:
    """Lets one comment of a network that has limits in at a time, until the transaction ends."""
    if networks.is_telling(address):
        one_at_a_time(f"comments of {networks.network(address)}")


def one_at_a_time(key: str) -> None:
    """Waits for whoever else said the same key, until the transaction ends.

    SQLite writes one at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _limit(comments: QuerySet[Comment], window: timedelta, most: int) -> None:
    now = timezone.now()
    recent = comments.filter(created_at__gt=now - window, user=None).order_by("-created_at")
    oldest = recent.values_list("created_at", flat=True)[most - 1 : most]
    if oldest:
        raise TooFast(seconds_until(oldest[0] + window, now))


def seconds_until(then: datetime, now: datetime) -> int:
    return max(1, ceil((then - now).total_seconds()))
