"""What the templates of the desk print."""

from datetime import datetime
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comments.desk.acting import VERBS
from comments.desk.listing import FIELDS, Listing
from comments.models import Comment

register = template.Library()

KEYS = {"publish": "p", "mark_spam": "s", "remove": "d", "hold": "h"}
TONES = {"publish": "yes", "mark_spam": "no"}
ANEW = {"after", "back_to"}  # a new list begins at its beginning, and finds its own bound


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
def when(moment: datetime) -> SafeString:
    """A moment in few words, as a `time` element: "14:02" today, "February 3, 14:02" this year,
    else its day."""
    return format_html(
        '<time datetime="{}">{}</time>', moment.isoformat(timespec="seconds"), _in_few_words(moment)
    )


def _in_few_words(moment: datetime) -> str:
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
def carried(listing: Listing, asked: str) -> list[tuple[str, str]]:
    """What a form takes along of a list, besides the fields that it asks for itself."""
    names = (name for name in FIELDS if name not in {*asked.split(), *ANEW})
    return [(name, value) for name in names if (value := getattr(listing, name))]


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
