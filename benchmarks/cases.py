"""What is measured: pages of the desk, and acts at it, by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db.models import Count
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.models import Post, User
from comments.corpus import wording
from comments.desk.listing import STATES, Listing
from comments.models import Comment, Decision, Link

BULK = 500
Ask = Callable[[], HttpResponse]


@dataclass
class Page:
    """A page that is asked for by GET."""

    name: str
    kind: str  # desk, search or other
    user: User
    url: str

    def ready(self, client: Client) -> Ask:
        return lambda: client.get(self.url)

    def after(self, client: Client) -> None:
        """A page changes nothing."""


@dataclass
class Act:
    """Something that is done by POST and taken back before it is done again."""

    name: str
    user: User
    act: Callable[[Client], Ask]
    kind: str = "other"

    def ready(self, client: Client) -> Ask:
        return self.act(client)

    def after(self, client: Client) -> None:
        latest = Decision.objects.order_by("-pk").first()
        if latest.verb != Decision.Verb.UNDO:
            client.post(reverse("admin:moderation_undo"), {"decision": latest.pk})


def cases() -> Iterator[Page | Act]:
    moderator = somebody("moderator@bench.example", "Moderator")
    yield from views(moderator)
    yield from filters(moderator)
    yield from searches(moderator)
    yield from others(moderator)
    yield from desks_of_authors()
    yield from acts(moderator)


def desk(user: User, name: str, kind: str = "desk", **said: object) -> Page:
    more = {key: str(value) for key, value in said.items()}
    state = more.pop("state", "pending")
    url = reverse("admin:moderation") + Listing(state=state).query(**more)
    return Page(name, kind, user, url)


def views(user: User) -> Iterator[Page]:
    for state in STATES:
        yield desk(user, f"view: {state}", state=state)
    for part, words in ((0.5, "half way down"), (0.999, "the last page")):
        yield desk(user, f"published, {words}", state="published", after=deep(part))
    yield desk(user, "published, the next page", state="published", after=nth("published", 50))
    yield desk(user, "published, oldest first", state="published", order="oldest")


def filters(user: User) -> Iterator[Page]:
    big = Post.objects.order_by("-comment_count").first()
    small = Post.objects.filter(comment_count__gt=2).order_by("comment_count").first()
    for state in ("published", "pending"):
        yield desk(user, f"{state}, the biggest post", state=state, post=big.pk)
        yield desk(user, f"{state}, a small post", state=state, post=small.pk)
    for state in ("published", "pending", "spam"):
        person, network, host, wave = (busiest(state, f) for f in FACTS)
        yield desk(user, f"{state}, the busiest person", state=state, person=person)
        yield desk(user, f"{state}, the busiest network", state=state, network=network)
        yield desk(user, f"{state}, the busiest host", state=state, network=host)
        yield desk(user, f"{state}, the commonest domain", state=state, domain=domain(state, 0))
        if wave:
            yield desk(user, f"{state}, the biggest wave", state=state, wave=wave)
        yield desk(user, f"{state}, reported", state=state, reported=1)
        for name, reason in {"common": REASONS[state], "missing": "imitation"}.items():
            yield desk(user, f"{state}, a {name} reason", "search", state=state, reason=reason)
    yield desk(user, "published, a rare domain", state="published", domain=domain("published", -1))
    yield desk(user, "pending, a domain nobody links to", domain="nowhere.example")
    since = (timezone.now() - timedelta(days=5 * 365)).date()
    until = since + timedelta(days=30)
    yield desk(user, "published, a month long ago", state="published", since=since, until=until)
    yield desk(user, "pending, a month long ago", since=since, until=until)


def searches(user: User) -> Iterator[Page]:
    known = Comment.objects.published().exclude(email="").order_by("pk")[50]
    words = {
        "a common word": wording.COMMONEST[3],
        "a rare word": wording.RARE,
        "a word that is not there": "qwertzuiop",
        "a name": known.name,
        "an e-mail address": known.email,
        "a part of an e-mail address": "@mail7.example",
        "an address": known.address,
        "a network": known.network,
        "a domain": domain("published", 3),
    }
    for state in ("published", "pending"):
        for name, q in words.items():
            yield desk(user, f"search in {state}: {name}", "search", state=state, q=q)


def others(user: User) -> Iterator[Page]:
    wave = busiest("pending", "wave")
    comment = Comment.objects.pending().filter(**({"wave": wave} if wave else {})).first()
    yield Page("waves", "desk", user, reverse("admin:moderation_waves"))
    yield Page(
        "what to block", "other", user, f"{reverse('admin:moderation_block')}?c={comment.pk}"
    )
    comments, log = (
        reverse(f"admin:comments_{name}_changelist") for name in ("comment", "decision")
    )
    yield Page("admin: first page", "other", user, reverse("admin:index"))
    yield Page("admin: waiting comments", "other", user, comments)
    yield Page("admin: all comments", "other", user, f"{comments}?status=all")
    yield Page("admin: the log", "other", user, log)


def desks_of_authors() -> Iterator[Page]:
    authors = User.objects.filter(email__endswith="@corpus.example").annotate(count=Count("posts"))
    small = authors.filter(count__gt=0).order_by("count", "pk").first()
    big = Post.objects.order_by("-comment_count").first().author
    for state in ("pending", "published"):
        yield desk(small, f"the author of one small post, {state}", state=state)
        yield desk(big, f"the author of the biggest post, {state}", state=state)
    yield desk(
        big, "the author of the biggest post searches", "search", state="published", q=wording.RARE
    )
    waves = reverse("admin:moderation_waves")
    yield Page("the author of the biggest post, waves", "desk", big, waves)


def acts(user: User) -> Iterator[Act]:
    yield Act("publish one", user, publish_one)
    yield Act("publish one, undo", user, undo_of(publish_one))
    yield Act(f"spam {BULK}", user, spam_many)
    yield Act(f"spam {BULK}, undo", user, undo_of(spam_many))


def publish_one(client: Client) -> Ask:
    comment = Comment.objects.pending().latest("pk")
    token = f"{comment.pk}.{comment.last_decision_id or 0}"
    return lambda: client.post(reverse("admin:moderation_decide"), {"do": "publish", "c": token})


def spam_many(client: Client) -> Ask:
    """The first 500 that wait; fewer where fewer do."""
    keys = list(Comment.objects.pending().order_by("pk").values_list("pk", flat=True)[:BULK])
    data = {"do": "mark_spam", "all": "on", "sure": "on", "upto": keys[-1]}
    return lambda: client.post(reverse("admin:moderation_decide"), data)


def undo_of(act: Callable[[Client], Ask]) -> Callable[[Client], Ask]:
    """Does it, unmeasured, and gives what takes it back."""

    def ready(client: Client) -> Ask:
        act(client)()
        data = {"decision": Decision.objects.latest("pk").pk}
        return lambda: client.post(reverse("admin:moderation_undo"), data)

    return ready


FACTS = ("person", "network", "host", "wave")
REASONS = {"published": "record", "pending": "newcomer", "spam": "links"}


def somebody(email: str, role: str) -> User:
    user, _made = User.objects.get_or_create(
        email=email, defaults={"name": role, "is_staff": True, "password": "!"}
    )
    user.groups.add(Group.objects.get(name=role))
    return user


def busiest(state: str, fact: str) -> object:
    """The person, network … that most comments of a state have in common."""
    found = Comment.objects.filter(status=state).exclude(**{fact: None}).order_by()
    found = found.exclude(wave=0) if fact == "wave" else found
    row = found.values(fact).annotate(count=Count("pk")).order_by("-count", fact).first()
    return row[fact] if row and row["count"] > 1 else None


def domain(state: str, place: int) -> str:
    found = Link.objects.filter(comment__status=state).order_by().values_list("domain")
    rows = list(found.annotate(count=Count("pk")).order_by("-count", "domain"))
    return rows[place][0]


def nth(state: str, place: int) -> int:
    found = Comment.objects.filter(status=state).order_by("-created_at", "-pk")
    return found.values_list("pk", flat=True)[place]


def deep(part: float) -> int:
    """The key of the published comment behind this part of all."""
    return nth("published", int(Comment.objects.published().count() * part))
