"""How many comments a view holds, counted no further than anybody reads."""

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.formats import number_format

from blog.models import User
from blog.requests import StaffRequest
from comments.desk.listing import STATES, Listing, in_state
from comments.models import Comment

MOST = 10_000


def capped(comments: QuerySet, most: int = MOST) -> int:
    """How many there are, at most `most` + 1."""
    return comments.order_by().values("pk")[: most + 1].count()


class Capped(Subquery):
    """How many rows a subquery finds, at most `most` + 1: many such counts in one query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet, most: int = MOST) -> None:
        super().__init__(rows.values("pk")[: most + 1])


def words(count: int, most: int = MOST) -> str:
    """ "212", or "10,000+"."""
    shown = number_format(min(count, most), force_grouping=True)
    return f"{shown}+" if count > most else shown


def waiting(request: StaffRequest) -> int:
    """How many wait for this person's decision, at most MOST + 1; a page that says it in several
    places asks once."""
    if not hasattr(request, "waiting"):
        request.waiting = capped(Comment.objects.for_moderator(request.user).pending())
    return request.waiting


def tabs(listing: Listing, request: StaffRequest) -> list[dict]:
    """The views of the desk with their counts, the present one marked; one query."""
    user = request.user
    mine = Comment.objects.for_moderator(user).order_by()
    views = [Capped(in_state(mine, name, user)) for name in STATES]
    found = User.objects.filter(pk=user.pk).values_list(*views).get()
    request.waiting = found[list(STATES).index("pending")]  # the sidebar says it as well
    return [
        {
            "name": name,
            "label": label,
            "count": words(count),
            "query": Listing(state=name).query(),
            "is_current": name == listing.state,
        }
        for (name, label), count in zip(STATES.items(), found, strict=True)
    ]
