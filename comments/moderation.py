"""Deciding about comments: the one place where a status changes, a number is given, a count moves.

A decision serves one comment or five hundred, in one transaction that locks the posts first (in
the order of their keys, so that two decisions never wait for each other) and reads the comments
after, so that it sees what the last one left.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from blog import editions
from blog.models import Blog, Post, User
from comments import editing, numbering, numbers, people, tasks
from comments.models import Change, Comment, Decision, Report, Rule

UNDO_FOR = timedelta(days=30)
Status = Comment.Status
GONE = (Status.REMOVED, Status.SPAM)
TARGETS: dict[str, str] = {
    "publish": Status.PUBLISHED,
    "hold": Status.PENDING,
    "mark_spam": Status.SPAM,
    "remove": Status.REMOVED,
}


@transaction.atomic
def decide(
    comments: QuerySet[Comment],
    verb: str,
    *,
    by: User | None,
    why: str = "",
    decision: Decision | None = None,
    seen: dict[int, int] | None = None,
) -> Decision | None:
    """Does `verb` to the comments and writes it down; None where all of it was so already.

    Args:
        decision: one to go on with, of which other comments are done.
        seen: for each comment the key of the last decision about it that the moderator knew of,
            0 for none; what somebody has decided about since is left alone.
    """
    posts = lock(comments.values_list("post_id", flat=True))
    rows = [row for row in comments.filter(post__in=posts) if row.body]  # else only a place is left
    if seen is not None:
        rows = [row for row in rows if seen.get(row.pk) == (row.last_decision_id or 0)]
    targets = _restored(rows) if verb == "restore" else {row.pk: TARGETS[verb] for row in rows}
    return _change(rows, posts, targets, decision or Decision(verb=verb, by=by, why=why))


@transaction.atomic
def undo(decision: Decision, *, by: User | None) -> Decision | None:
    """Takes a decision back for each comment that still stands as it left it; only once.

    None where there is nothing to take back, or the decision is older than UNDO_FOR.
    """
    # Of two who undo the same, the second waits here: some decisions are about no post.
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    posts = lock(decision.comments.values_list("post_id", flat=True))
    if not is_undoable(decision):
        return None
    undoing = Decision(verb=Decision.Verb.UNDO, by=by, undoes=decision)
    if editing.is_edit(decision):
        return editing.undo(decision, undoing)
    if _unblock(decision) or people.undo(decision):
        undoing.save()
    elif _reopen(decision):
        undoing.size = decision.size
        undoing.save()
    done = take_back(decision.changes.exclude(comment=None), posts, undoing)
    return done or (undoing if undoing.pk else None)


def is_undoable(decision: Decision) -> bool:
    """Whether a decision is finished and young enough to be taken back, and was not yet."""
    return Decision.objects.undoable().filter(pk=decision.pk).exists()


def _unblock(decision: Decision) -> bool:
    """Takes away the rule that a decision made, or makes it what it was; whether there was one."""
    rule = Rule.objects.filter(decision=decision).first()
    if rule and rule.former:
        former = {"outcome": rule.former["outcome"], "why": rule.former["why"]}
        maker = User.objects.filter(pk=rule.former["by"]).first()
        same = Rule.objects.filter(pk=rule.pk)
        same.update(**former, by=maker, decision=None, former=None)
    elif rule:
        rule.delete()
    return rule is not None


def _reopen(decision: Decision) -> bool:
    """Opens the reports again that a moderator had read and left without consequence."""
    if decision.verb != Decision.Verb.SETTLE:
        return False
    settled = Report.objects.filter(settled_by=decision)
    return bool(settled.update(seen=False, settled_by=None))


def take_back(
    these: QuerySet[Change], posts: dict[int, Post], undoing: Decision
) -> Decision | None:
    """Undoes these changes of one decision; the caller holds the posts' locks."""
    changes = {change.comment_id: change for change in these}
    decision = undoing.undoes
    later = Change.objects.filter(comment__in=changes, decision__gt=decision.pk)
    later = later.exclude(before=F("after")).exclude(decision__undone_by__isnull=False)
    later = later.exclude(decision__undoes__gt=decision.pk)
    rows = [
        row
        for row in Comment.objects.filter(pk__in=changes).exclude(pk__in=later.values("comment"))
        if row.status == changes[row.pk].after
    ]
    targets = {pk: change.before for pk, change in changes.items()}
    done = _change(rows, posts, targets, undoing)
    Report.objects.filter(settled_by=decision, comment__in=rows).update(seen=False, settled_by=None)
    for was in _batches([row for row in rows if changes[row.pk].was_blatant]):
        was.update(is_blatant=True)
    return done


def lock(posts: Iterable[int]) -> dict[int, Post]:
    """The posts with these keys, their rows held until the transaction ends."""
    rows = Post.objects.filter(pk__in=set(posts)).order_by("pk")
    return {post.pk: post for post in rows.select_for_update(no_key=True)}


def publish(comments: list[Comment], posts: dict[int, Post]) -> None:
    """Numbers, dates and counts what becomes public; the caller holds the posts' locks."""
    numbering.give(comments, posts, Blog.current().nesting)
    for rows in _batches(comments):
        rows.update(status=Status.PUBLISHED)
        rows.filter(published_at=None).update(published_at=timezone.now())
    for comment in comments:
        comment.status = Status.PUBLISHED
    _count(comments, posts, +1)
    editions.renew_threads(comment.post_id for comment in comments)


def _change(
    rows: Iterable[Comment],
    posts: dict[int, Post],
    targets: dict[int, str],
    decision: Decision,
) -> Decision | None:
    moves = [(row, row.status, targets[row.pk]) for row in rows if row.status != targets[row.pk]]
    if not moves:
        return None
    decision.count(len(moves))
    Change.objects.bulk_create(
        Change(
            decision=decision,
            comment=row,
            before=before,
            after=after,
            was_blatant=row.is_blatant,
        )
        for row, before, after in moves
    )
    publish([row for row, _, after in moves if after == Status.PUBLISHED], posts)
    _withdraw([row for row, _, after in moves if after != Status.PUBLISHED], posts, targets)
    facts = {"last_decision": decision} | ({"is_blatant": None} if decision.by_id else {})
    for moved in _batches([row for row, _, _ in moves]):
        moved.update(**facts)
    if decision.by_id:
        _follow_up(decision, [row.pk for row, _, _ in moves])
    return decision


def _follow_up(decision: Decision, moved: list[int]) -> None:
    """What a person's decision leads to. The tasks are rows of this very transaction."""
    for start in range(0, len(moved), 500):
        some = moved[start : start + 500]
        unsettled = Report.objects.filter(comment__in=some, seen=False)
        unsettled.update(seen=True, settled_by=decision)
        tasks.learn.enqueue(some)


def _withdraw(comments: list[Comment], posts: dict[int, Post], targets: dict[int, str]) -> None:
    """Moves comments to statuses that readers do not see."""
    _count([comment for comment in comments if comment.is_published], posts, -1)
    editions.renew_threads(comment.post_id for comment in comments if comment.path)
    for status in {targets[comment.pk] for comment in comments}:
        for rows in _batches([one for one in comments if targets[one.pk] == status]):
            rows.update(status=status)


def _batches(comments: list[Comment]) -> Iterator[QuerySet[Comment]]:
    for start in range(0, len(comments), 500):
        keys = [comment.pk for comment in comments[start : start + 500]]
        yield Comment.objects.filter(pk__in=keys)


def _count(comments: list[Comment], posts: dict[int, Post], step: int) -> None:
    """Adds to, or takes from, the counts that readers see: of the post, and of the branch."""
    for comment in comments:
        posts[comment.post_id].comment_count += step
    Post.objects.bulk_update(posts.values(), Post.COUNTERS, batch_size=500)
    answers = [comment for comment in comments if numbers.depth(comment.path) > 1]
    branches = Counter((comment.post_id, numbers.root(comment.path)) for comment in answers)
    for (post, path), number in branches.items():
        Comment.objects.filter(post=post, path=path).update(
            branch_count=F("branch_count") + step * number
        )


def _restored(comments: list[Comment]) -> dict[int, str]:
    """Where each stood before it was removed or called spam: by the log, else by its first day."""
    changes = Change.objects.filter(comment__in=comments, after__in=GONE).exclude(before__in=GONE)
    before = dict(changes.order_by("pk").values_list("comment_id", "before"))
    for comment in comments:
        first = Status.PUBLISHED if comment.published_at else Status.PENDING
        before.setdefault(comment.pk, first)
    return {one.pk: before[one.pk] if one.status in GONE else one.status for one in comments}
