"""Which comments the desk lists: its state, all of which lives in the address."""

import ipaddress
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
from comments import domains, networks
from comments.models import Comment, Person, Report
from comments.models.person import canonical

PAGE = 50  # comments
STATES = {
    "pending": _("Waiting"),
    "published": _("Published"),
    "spam": _("Spam"),
    "removed": _("Removed"),
    "mine": _("Mine"),
    "blatant": _("Blatant"),
}
HOST_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+")
CODE = re.compile(r"[a-z_]{1,30}")
FOUND = 500  # people or domains that a search goes on with


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
            getattr(self, name) for name in FIELDS if name not in ("state", "order", "after")
        )

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
            found = found.filter(Q(host=self.network) | Q(network=self.network))
        if self.domain:
            found = found.filter(links__domain=self.domain)
        if self.reported:
            found = found.filter(pk__in=Report.objects.filter(seen=False).values("comment"))
        found = self._by_reason(self._by_date(found))
        if self.q:
            found = search(found, self.q)
        sign = "" if self.order == "oldest" else "-"
        return found.order_by(f"{sign}created_at", f"{sign}pk")

    def rest(self, comments: QuerySet[Comment]) -> QuerySet[Comment]:
        """Those that come after the comment `after`: no page is counted off."""
        last = Comment.objects.filter(pk=self.after).first() if self.after else None
        if not last:
            return comments
        way = "gt" if self.order == "oldest" else "lt"
        later = Q(**{f"created_at__{way}": last.created_at})
        return comments.filter(later | Q(created_at=last.created_at, **{f"pk__{way}": last.pk}))

    def _by_date(self, found: QuerySet[Comment]) -> QuerySet[Comment]:
        if self.since:
            found = found.filter(created_at__gte=_midnight(self.since))
        if self.until:
            found = found.filter(created_at__lt=_midnight(self.until) + timedelta(days=1))
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


def search(comments: QuerySet[Comment], q: str) -> QuerySet[Comment]:
    """Those that have `q` in their words, name, e-mail address, website or network."""
    if places := _as_network(q):
        return comments.filter(Q(host__in=places) | Q(network__in=places))
    if "@" in q and " " not in q:
        people = Person.objects.filter(email__contains=canonical(q))[:FOUND]
        return comments.filter(person__in=[person.pk for person in people])
    said = Q(body__icontains=q) | Q(name__icontains=q)
    if HOST_NAME.fullmatch(q):
        linked = domains.of(f"https://{q}/")
        said |= Q(pk__in=Comment.objects.filter(links__domain=linked).values("pk")) | Q(
            url__icontains=q
        )
    return comments.filter(said)


def _as_network(q: str) -> list[str]:
    """`q` as the network, or the address of a sender, that it names; empty where it is none."""
    try:
        ipaddress.ip_network(q, strict=False)
    except ValueError:
        return []
    if "/" in q:
        return [str(ipaddress.ip_network(q, strict=False))]
    return [networks.host(q)]


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


FIELDS = [field.name for field in fields(Listing) if field.name != "is_void"]
SOUND = {
    "state": lambda text: text in STATES,
    "post": _is_key,
    "after": _is_key,
    "person": _is_key,
    "wave": _is_wave,
    "since": _is_date,
    "until": _is_date,
    "reason": lambda text: bool(CODE.fullmatch(text)),
    "network": lambda text: len(text) < 50 and "\0" not in text,
    "domain": lambda text: len(text) < 254 and "\0" not in text,
    "q": lambda text: len(text) < 200 and "\0" not in text,
}
