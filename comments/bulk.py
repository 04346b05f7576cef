"""One decision about more comments than one request can change: the worker goes through them.

The decision is written down first, with the list that it is about (`scope`); the worker takes 500
at a time, each in a transaction of its own, and remembers how far it came. A killed worker goes on
where it stopped.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict

from blog.models import User
from comments import moderation, tasks
from comments.models import Comment, Decision

BATCH = 500


def as_read(comments: QuerySet[Comment], upto: int, decided: int) -> QuerySet[Comment]:
    """Those that were there, and stood so, when a list was read."""
    same = Q(last_decision=None) | Q(last_decision__lte=decided)
    return comments.filter(same, pk__lte=upto)


@transaction.atomic
def start(query: str, verb: str, *, by: User, read: tuple[int, int], count: int) -> Decision:
    """Begins a decision about all comments of the desk's list `query`; gives the one that this
    person has begun already, and that goes on still: a button may be pressed twice.

    Args:
        read: the keys of the newest comment and of the last decision when the list was read; what
            came later, or was decided about later, is left alone.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # both presses may come at once
    begun = Decision.objects.filter(by=by, verb=verb, undoes=None, scope__query=query).first()
    if begun:
        return begun
    upto, decided = read
    scope = {"query": query, "upto": upto, "decided": decided, "after": 0, "count": count}
    return _begin(Decision(verb=verb, by=by, size=0, scope=scope))


def undo(decision: Decision, *, by: User) -> Decision | None:
    """Begins to take back a decision about very many; None where it cannot be taken back."""
    with transaction.atomic():
        decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if not moderation.is_undoable(decision):
            return None
        scope = {"after": 0, "count": decision.size}
        verb = Decision.Verb.UNDO
        return _begin(Decision(verb=verb, by=by, size=0, scope=scope, undoes=decision))


def go_on(key: int) -> None:
    """Carries a decision out to its end."""
    while (decision := Decision.objects.get(pk=key)).scope:
        with transaction.atomic():
            step = _take_back if decision.undoes_id else _decide
            decision.reach(step(decision))


@transaction.atomic
def _begin(decision: Decision) -> Decision:
    decision.save()
    tasks.carry_out.enqueue(decision.pk)
    return decision


def _decide(decision: Decision) -> int:
    """Decides about the next comments; the key that was reached, 0 at the end."""
    from comments.desk.listing import Listing  # the desk needs this module

    scope = decision.scope
    listing = Listing.of(QueryDict(scope["query"]))
    decided = scope.get("decided", decision.pk)
    left = as_read(listing.comments(decision.by), scope["upto"], decided).filter(
        pk__gt=scope["after"]
    )
    keys = list(left.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if keys:
        these = Comment.objects.filter(pk__in=keys)
        moderation.decide(these, decision.verb, by=decision.by, decision=decision)
    return keys[-1] if keys else 0


def _take_back(decision: Decision) -> int:
    left = decision.undoes.changes.filter(pk__gt=decision.scope["after"]).order_by("pk")
    changes = list(left.select_related("comment")[:BATCH])
    if not changes:
        return 0
    these = left.filter(pk__lte=changes[-1].pk).exclude(comment=None)
    posts = moderation.lock(change.comment.post_id for change in changes if change.comment)
    moderation.take_back(these, posts, decision)
    return changes[-1].pk
