"""Which comments the desk lists: its state, all of which lives in the address."""

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import User
from comments.desk import searching
from comments.models import Comment, Report

PAGE = 30  # comments
STATES = {
    "pending": _("Waiting"),
    "published": _("Published"),
    "spam": _("Spam"),
    "removed": _("Removed"),
    "mine": _("Mine"),
    "blatant": _("Blatant"),
}
CODE = re.compile(r"[a-z_]{1,30}")
# Words and reasons are in no index, and very many people may share a domain: who looks for these
# looks at this many, the latest, and may then ask for the rest.
LOOKED_AT = 50_000
ALL = "all"


@dataclass(frozen=True)
class Listing:
    """One list of comments. Every field is a parameter of the address, by the same name."""

    state: str = "pending"
    q: str = ""
    post: str = ""
    person: str = ""
    reason: str = ""
    since: str = ""
    until: str = ""
    network: str = ""
    domain: str = ""
    wave: str = ""
    reported: str = ""
    order: str = ""
    after: str = ""  # the key of the comment that its page begins after
    back_to: str = ""  # the moment of the oldest comment that is looked at, or ALL
    is_void: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> "Listing":
        """The list that an address asks for; an empty one where that makes no sense.

        Never a longer one than was meant: all of a list can be decided about at once.
        """
        said = {name: value for name in FIELDS if (value := query.get(name, "").strip())}
        is_sound = all(SOUND[name](value) for name, value in said.items() if name in SOUND)
        return cls(**said) if is_sound else cls(is_void=True)  # type: ignore[arg-type]

    def query(self, **changes: str) -> str:
        """The query string of this list, or of one that differs from it, after a "?".

        Another list starts at its beginning.
        """
        if changes.keys() & set(FIELDS):
            changes.setdefault("after", "")
        new = {key: value for key, value in changes.items() if key in FIELDS}
        other = replace(self, **new)  # type: ignore[arg-type]
        more = {key: value for key, value in changes.items() if key not in FIELDS}
        said = {name: value for name in FIELDS if (value := getattr(other, name))}
        return f"?{urlencode(said | more)}"

    @property
    def is_filtered(self) -> bool:
        return self.is_void or any(
            getattr(self, name)
            for name in FIELDS
            if name not in ("state", "order", "after", "back_to")
        )

    @property
    def is_scanned(self) -> bool:
        """Whether its comments have to be looked for: no index has them in their order."""
        return bool(self.q or self.reason or self.domain or self.reported)

    @property
    def is_bounded(self) -> bool:
        """Whether older comments of the view were not looked at."""
        return self.back_to not in ("", ALL)

    @property
    def oldest(self) -> datetime:
        """Of what a bounded list looked at."""
        return datetime.fromisoformat(self.back_to)

    def bounded(self, user: User) -> "Listing":
        """This list with the bound of its search, where it needs one.

        It becomes part of the address, so that the next page, and a decision about all of the
        list, are about the same comments.
        """
        if self.back_to or self.is_void or not self._is_long_search():
            return self
        latest = replace(self, q="", reason="", domain="", order="").comments(user)
        oldest = latest.values_list("created_at", flat=True)[LOOKED_AT - 1 : LOOKED_AT]
        return replace(self, back_to=oldest[0].isoformat()) if oldest else self

    def _is_long_search(self) -> bool:
        """Whether very many comments have to be looked at to find those that it holds."""
        if self.reason or (self.q and not searching.is_indexed(self.q)):
            return True
        return bool(self.domain) and searching.is_common(self.domain)

    def comments(self, user: User) -> QuerySet[Comment]:
        """The comments of this list that `user` may decide about, in its order."""
        if self.is_void:
            return Comment.objects.none()
        found = in_state(Comment.objects.for_moderator(user), self.state, user)
        if self.post:
            found = found.filter(post=int(self.post))
        if self.person:
            found = found.filter(person=int(self.person))
        if self.wave:
            found = found.filter(wave=int(self.wave))
        if self.network:
            found = found.filter(searching.sent_from(self.network))
        if self.reported:
            found = found.filter(pk__in=Report.objects.filter(seen=False).values("comment"))
        found = self._by_reason(self._by_date(found))
        if self.domain:  # last, for its way depends on how many are left
            found = searching.linking_to(found, self.domain, is_short=self.is_bounded)
        if self.q:
            found = searching.search(found, self.q)
        sign = "" if self.order == "oldest" else "-"
        return found.order_by(f"{sign}created_at", f"{sign}pk")

    def rest(self, comments: QuerySet[Comment]) -> QuerySet[Comment]:
        """Those that come after the comment `after`: no page is counted off."""
        last = Comment.objects.filter(pk=self.after).first() if self.after else None
        if not last:
            return comments
        way = "gt" if self.order == "oldest" else "lt"
        later = comments.filter(**{f"created_at__{way}e": last.created_at})  # where an index begins
        same_moment = Q(created_at=last.created_at)
        return later.filter(~same_moment | Q(**{f"pk__{way}": last.pk}))

    def _by_date(self, found: QuerySet[Comment]) -> QuerySet[Comment]:
        if self.since:
            found = found.filter(created_at__gte=_midnight(self.since))
        if self.until:
            found = found.filter(created_at__lt=_midnight(self.until) + timedelta(days=1))
        if self.is_bounded:
            found = found.filter(created_at__gte=self.oldest)
        return found

    def _by_reason(self, found: QuerySet[Comment]) -> QuerySet[Comment]:
        if not self.reason:
            return found
        text = found.annotate(reasons_text=Cast("reasons", TextField()))
        return text.filter(reasons_text__contains=f'"code": "{self.reason}"')


def in_state(comments: QuerySet[Comment], state: str, user: User) -> QuerySet[Comment]:
    """The comments of one view of the desk."""
    if state == "mine":
        return comments.filter(user=user)
    if state == "blatant":
        return comments.filter(is_blatant=True, status=Comment.Status.SPAM)
    if state == "spam":
        return comments.filter(status=state, is_blatant__isnull=True)
    return comments.filter(status=state)


def _midnight(day: str) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min))


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) < 2**63


def _is_wave(text: str) -> bool:
    return _is_key(text.removeprefix("-"))


def _is_date(text: str) -> bool:
    try:
        return date(1990, 1, 1) < date.fromisoformat(text) < date(9990, 1, 1)
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
        return moment.tzinfo is not None and 1990 < moment.year < 9990
    except ValueError:
        return False


FIELDS = [field.name for field in fields(Listing) if field.name != "is_void"]
SOUND = {
    "state": lambda text: text in STATES,
    "post": _is_key,
    "after": _is_key,
    "person": _is_key,
    "wave": _is_wave,
    "since": _is_date,
    "back_to": lambda text: text == ALL or _is_moment(text),
    "until": _is_date,
    "reason": lambda text: bool(CODE.fullmatch(text)),
    "network": searching.names_network,
    "domain": lambda text: len(text) < 254,
    "q": lambda text: len(text) < 200,
}
