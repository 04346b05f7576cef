"""What the templates of the desk print."""

from datetime import datetime

from django import template

from comments.desk.acting import VERBS
from comments.desk.listing import FIELDS, Listing
from comments.models import Comment

register = template.Library()

KEYS = {"publish": "p", "mark_spam": "s", "remove": "d", "hold": "h"}
TONES = {"publish": "yes", "mark_spam": "no"}
# In the form of filters itself; and a new list finds its own bound.
LEFT_OUT = ("since", "until", "reason", "reported", "back_to")


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
def place(comment: Comment) -> str:
    """Where readers see a comment; its post where they do not."""
    return comment.get_absolute_url() if comment.path else comment.post.get_absolute_url()


@register.filter
def hidden_fields(listing: Listing) -> list[tuple[str, str]]:
    """What the form of filters carries along of a list."""
    fields = ((name, getattr(listing, name)) for name in FIELDS if name not in LEFT_OUT)
    return [(name, value) for name, value in fields if value]


@register.simple_tag
def listing_query(listing: Listing, **changes: object) -> str:
    """The query string of a list with some parameters changed or added."""
    return listing.query(**{name: str(value) for name, value in changes.items()})


@register.simple_tag
def last_decided() -> datetime | None:
    """When a comment was published last."""
    latest = Comment.objects.published().order_by("-published_at").first()
    return latest.published_at if latest else None
