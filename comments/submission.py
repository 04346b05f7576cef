"""A comment on its way in: from what was sent to one stored row, whatever is sent how often."""

import hashlib
import ipaddress
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from blog.models import Blog, Post, User
from comments import markup, moderation, numbers, permissions, tasks
from comments.models import Comment

if TYPE_CHECKING:
    from comments.screening import Verdict

PACE = timedelta(minutes=1)
MOST_CITED = 100


@dataclass(frozen=True)
class Submission:
    """What somebody wants to say under a post; the form has checked it."""

    post: Post
    body: str
    name: str
    email: str = ""
    url: str = ""
    parent: Comment | None = None
    user: User | None = None
    trap: str = ""
    address: str | None = None
    user_agent: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether the writer moderates this post."""
        return bool(self.user) and permissions.can_moderate(self.user, self.post)

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same words of the same person at the same place, 64 characters."""
        parent = self.parent.pk if self.parent else 0
        facts = [self.post.pk, parent, self.name, self.email, self.url, self.body]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


class TooFast(Exception):
    """More comments from one address than the blog takes in a minute; `seconds` to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def stored(submission: Submission) -> Comment | None:
    """The comment that the same submission made before, if it did."""
    return Comment.objects.filter(fingerprint=submission.fingerprint).first()


def check_pace(submission: Submission, blog: Blog) -> None:
    """Raises TooFast. An address of this machine is a proxy's and says nothing about who writes."""
    if submission.is_staff or not submission.address:
        return
    if ipaddress.ip_address(submission.address).is_loopback:
        return
    now = timezone.now()
    recent = Comment.objects.filter(address=submission.address, created_at__gt=now - PACE)
    times = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:1000])
    if len(times) >= blog.comments_per_minute:
        wait = times[blog.comments_per_minute - 1] + PACE - now
        raise TooFast(max(1, round(wait.total_seconds())))


def store(submission: Submission, verdict: "Verdict", *, quietly: bool = False) -> Comment:
    """The comment of a submission, with its number where the verdict publishes it.

    The same submission twice, even at the same moment, is one comment: the first. Moderators are
    told of what waits, unless it comes in `quietly`.
    """
    comment = _comment(submission, verdict)
    cited = cited_in(comment.body, comment.post)
    comment.html = markup.render(comment.body, {one.number for one in cited})
    try:
        with transaction.atomic():
            _insert(comment, publish=verdict.status == Comment.Status.PUBLISHED)
            cite(comment, cited)
            if comment.status == Comment.Status.PENDING and not quietly:
                tasks.announce.enqueue(comment.pk)
    except IntegrityError:
        if found := stored(submission):
            return found
        raise
    return comment


def _comment(submission: Submission, verdict: "Verdict") -> Comment:
    return Comment(
        post=submission.post,
        parent=submission.parent,
        user=submission.user,
        status=verdict.status,
        name=submission.name,
        email=submission.email,
        url=submission.url,
        body=submission.body,
        reasons=verdict.as_json(),
        address=submission.address,
        user_agent=submission.user_agent,
        fingerprint=submission.fingerprint,
    )


def _insert(comment: Comment, *, publish: bool) -> None:
    if not publish:
        comment.save()
        return
    posts = moderation.lock([comment.post_id])
    comment.status = Comment.Status.PENDING
    comment.save()
    moderation.publish([comment], posts)


def cited_in(body: str, post: Post) -> list[Comment]:
    """The published comments of `post` whose numbers `body` names with an @."""
    paths = [numbers.path_of(number) for number in list(markup.cited(body))[:MOST_CITED]]
    return list(post.comments.published().filter(path__in=paths)) if paths else []


def cite(comment: Comment, candidates: list[Comment]) -> None:
    """Writes down whom the rendered comment cites."""
    standing = markup.citations(comment.html)
    comment.cites.set([cited for cited in candidates if cited.number in standing])
