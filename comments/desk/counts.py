"""How many comments a view holds, counted no further than anybody reads."""

from django.db.models import QuerySet
from django.utils.formats import number_format

from blog.models import User
from comments.desk.listing import STATES, Listing, in_state
from comments.models import Comment

MOST = 10_000


def capped(comments: QuerySet) -> int:
    """How many there are, at most MOST + 1."""
    return comments.order_by().values("pk")[: MOST + 1].count()


def words(count: int) -> str:
    """ "212", or "10,000+"."""
    shown = number_format(min(count, MOST), force_grouping=True)
    return f"{shown}+" if count > MOST else shown


def tabs(listing: Listing, user: User) -> list[dict]:
    """The views of the desk with their counts, the present one marked."""
    mine = Comment.objects.for_moderator(user)
    return [
        {
            "name": name,
            "label": label,
            "count": words(capped(in_state(mine, name, user))),
            "query": Listing(state=name).query(),
            "is_current": name == listing.state,
        }
        for name, label in STATES.items()
    ]
