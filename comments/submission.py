"""A comment on its way in: from what was sent to one stored row, whatever is sent how often."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from blog import editions
from blog.models import Blog, Post, User
from comments import (
    checks,
    facts,
    markup,
    moderation,
    networks,
    numbers,
    pace,
    permissions,
    regulars,
    rulebook,
    tasks,
)
from comments.models import Comment, Person, rule

if TYPE_CHECKING:
    from comments.screening import Verdict

MOST_CITED = 100
AGAIN = timedelta(days=1)  # within which the same form sent again is taken for the same


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
    seconds: float | None = None  # that the form took, where the browser says so
    address: str | None = None
    user_agent: str = ""
    referrer: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether the writer moderates this post."""
        return bool(self.user) and permissions.can_moderate(self.user, self.post)

    @cached_property
    def person(self) -> Person | None:
        """Whoever wrote from this e-mail address before."""
        return Person.objects.called(self.email)

    @cached_property
    def is_known(self) -> bool:
        """Whether something of this name and address was published before."""
        return regulars.knows(self.person, self.name)

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same words of the same person at the same place, 64 characters.

        Who gives no e-mail address is told from others by where they send from.
        """
        parent = self.parent.pk if self.parent else 0
        sender = self.email or [self.address and networks.host(self.address), self.user_agent]
        facts = [self.post.pk, parent, self.name, sender, self.url, self.body]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    @cached_property
    def html(self) -> str:
        """What readers would see, but for the comments that it cites."""
        return markup.render(self.body)

    @cached_property
    def domains(self) -> frozenset[str]:
        """The domains that it links to, the writer's website included, and whose those are."""
        return frozenset(facts.linked(self.html, self.url))

    @cached_property
    def editions(self) -> dict[str, int]:
        """Which versions of what processes keep are the latest."""
        return editions.numbers()

    @cached_property
    def rules(self) -> list[rulebook.Entry]:
        """The entries of the moderators' lists that it meets."""
        return rulebook.current(self.editions.get(rule.EDITION)).met(self)

    @cached_property
    def likeness(self) -> facts.Likeness:
        """Which earlier texts it is nearly the same as."""
        return facts.likeness_of(self.body)


def stored(submission: Submission) -> Comment | None:
    """The comment that the same submission made lately, if it did."""
    same = Comment.objects.filter(fingerprint=submission.fingerprint)
    return same.filter(created_at__gt=timezone.now() - AGAIN).first()


def store(submission: Submission, verdict: "Verdict", blog: Blog | None = None) -> Comment:
    """The comment of a submission, with its number where the verdict publishes it.

    The same submission twice within a day, even at the same moment, is one comment: the first.
    With `blog` its limits hold, for which pace.TooFast is raised, and moderators are told of what
    waits; what the blog puts in by itself comes without.
    """
    comment = _comment(submission, verdict)
    cited = cited_in(comment.body, comment.post)
    known = {one.number for one in cited}
    comment.html = markup.render(comment.body, known) if known else submission.html
    try:
        with transaction.atomic():
            if blog and not submission.is_staff:
                pace.take_turn(submission.address)
                pace.check(submission.address, blog)
            facts.derive(comment, submission.likeness, submission.person)
            _insert(comment, publish=verdict.is_published)
            if cited:
                cite(comment, cited)
            facts.link(comment, submission.domains)
            if blog:
                _hand_on(comment, verdict)
    except IntegrityError:
        if found := stored(submission):
            return found
        if not _let_go(submission):
            raise
        return store(submission, verdict, blog)
    return comment


def _let_go(submission: Submission) -> int:
    """Lets the same words be said again when it cannot be the same form any more."""
    same = Comment.objects.filter(fingerprint=submission.fingerprint)
    return same.filter(created_at__lte=timezone.now() - AGAIN).update(fingerprint=None)


def _comment(submission: Submission, verdict: "Verdict") -> Comment:
    return Comment(
        post=submission.post,
        parent=submission.parent,
        user=submission.user,
        status=verdict.status,
        is_blatant=verdict.is_blatant or None,
        name=submission.name,
        email=submission.email,
        url=submission.url,
        body=submission.body,
        reasons=verdict.as_json(),
        address=submission.address,
        user_agent=submission.user_agent,
        referrer=submission.referrer,
        seconds=submission.seconds,
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


def _hand_on(comment: Comment, verdict: "Verdict") -> None:
    """What the worker is to do with it: ask Akismet, which tells the moderators after; or tell."""
    if verdict.publishes is not None:
        checks.enlist(comment, publishes=verdict.publishes)
    elif comment.status == Comment.Status.PENDING:
        tasks.announce.enqueue(comment.pk)


def cited_in(body: str, post: Post) -> list[Comment]:
    """The published comments of `post` whose numbers `body` names with an @."""
    paths = [numbers.path_of(number) for number in list(markup.cited(body))[:MOST_CITED]]
    return list(post.comments.published().filter(path__in=paths)) if paths else []


def cite(comment: Comment, candidates: list[Comment]) -> None:
    """Writes down whom the rendered comment cites."""
    standing = markup.citations(comment.html)
    comment.cites.set([cited for cited in candidates if cited.number in standing])
