"""What the templates of the desk print."""

from datetime import datetime
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format

from comments.desk.acting import VERBS
from comments.desk.listing import FIELDS, Listing
from comments.models import Comment

register = template.Library()

KEYS = {"publish": "p", "mark_spam": "s", "remove": "d", "hold": "h"}
TONES = {"publish": "yes", "mark_spam": "no"}
IN_THE_FORM = ("since", "until", "reason", "reported")
# A new list begins at its beginning, and finds its own bound.
CARRIED = [name for name in FIELDS if name not in (*IN_THE_FORM, "after", "back_to")]


@register.filter
def label(verb: str) -> str:
    return str(VERBS[verb])


@register.filter
def key(verb: str) -> str:
    return KEYS[verb]


@register.filter
def tone(verb: str) -> str:
    return TONES.get(verb, "")


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def signed(points: float) -> str:
    """ "+1.5", "−0.8": what speaks against a comment and what for it."""
    sign = "−" if points < 0 else "+" if points else ""
    return sign + number_format(abs(points), 1)


@register.filter
def when(moment: datetime) -> str:
    """A moment in few words: "14:02" today, "February 3, 14:02" this year, else its day."""
    local, now = timezone.localtime(moment), timezone.localtime()
    if local.date() == now.date():
        return date_format(local, "H:i")
    if local.year == now.year:
        return f"{date_format(local, 'MONTH_DAY_FORMAT')}, {date_format(local, 'H:i')}"
    return date_format(local, "DATE_FORMAT")


@register.filter
def place(comment: Comment) -> str:
    """Where readers see a comment; its post where they do not."""
    return comment.get_absolute_url() if comment.path else comment.post.get_absolute_url()


@register.filter
def hidden_fields(listing: Listing) -> list[tuple[str, str]]:
    """What the form of filters carries along of a list."""
    fields = ((name, getattr(listing, name)) for name in CARRIED)
    return [(name, value) for name, value in fields if value]


@register.simple_tag
def listing_query(listing: Listing, **changes: object) -> str:
    """The query string of a list with some parameters changed or added."""
    return listing.query(**{name: str(value) for name, value in changes.items()})


@register.simple_tag
def here(listing: Listing, comment: Comment) -> str:
    """Where an editor is to come back to: the desk with this comment open."""
    return urlencode({"back": reverse("admin:moderation") + listing.query(c=str(comment.pk))})


@register.simple_tag
def last_decided() -> datetime | None:
    """When a comment was published last."""
    latest = Comment.objects.published().order_by("-published_at").first()
    return latest.published_at if latest else None
