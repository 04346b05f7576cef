"""A warrant: the link by which one moderator decides about one comment, as it stood, unlogged-in.

What it says is signed, not secret. It holds for the person it was made for as long as they may
decide and have not changed their password, for the comment as long as nobody else has touched it.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse

from blog.models import User
from comments import moderation, permissions
from comments.models import Comment, Decision

SALT = "comments.warrant"
LIFE = timedelta(days=14)
VERBS = ("publish", "mark_spam", "remove")


@dataclass(frozen=True)
class Warrant:
    """What a link that holds says, and the rows that it speaks of as they are now."""

    user: User
    comment: Comment
    status: str
    decision: int  # the comment's last one when the link was made; 0 for none

    @property
    def is_good(self) -> bool:
        """Whether the comment stands as it stood when the link was made."""
        return self.comment.status == self.status and self._stands_on() == self.decision

    def use(self, verb: str) -> Decision | None:
        """Decides; None where somebody else was first, be it by a moment."""
        if not self.is_good:
            return None
        as_read = {"status": self.status, "last_decision": self.comment.last_decision_id}
        this = Comment.objects.filter(pk=self.comment.pk, **as_read)
        with transaction.atomic():
            moderation.lock([self.comment.post_id])
            list(this.select_for_update(no_key=True))  # so that nobody edits it meanwhile
            return getattr(this, verb)(by=self.user)

    def undo(self) -> Decision | None:
        """Takes back what this moderator decided since the link was made."""
        own = self.undoable()
        return own.undo(by=self.user) if own else None

    def undoable(self) -> Decision | None:
        """The last decision, where it is this moderator's and about nothing else."""
        last = self.comment.last_decision
        is_own = last and last.by_id == self.user.pk and last.pk > self.decision
        if not is_own or last.verb not in VERBS or last.size != 1:
            return None
        return last if moderation.is_undoable(last) else None

    def _stands_on(self) -> int:
        """The last decision, but for what this moderator has since done and undone; 0 for none."""
        last = self.comment.last_decision
        while last and last.pk > self.decision and self._is_own_undo(last):
            earlier = Decision.objects.filter(comments=self.comment, pk__lt=last.undoes_id)
            last = earlier.order_by("-pk").first()
        return last.pk if last else 0

    def _is_own_undo(self, decision: Decision) -> bool:
        undone = decision.undoes
        return bool(undone) and decision.by_id == undone.by_id == self.user.pk


def issue(comment: Comment, user: User) -> str:
    """The path of a page on which `user` decides about `comment` as it stands now."""
    facts = [user.pk, comment.pk, comment.status, comment.last_decision_id or 0]
    seal = _seal(user.get_session_auth_hash())
    token = signing.dumps([*facts, seal], salt=SALT)
    return reverse("comment_decide", args=[token])


def opened(token: str) -> Warrant | None:
    """What a link says; None, whyever, where it does not hold."""
    try:
        who, what, status, decision, seal = signing.loads(token, salt=SALT, max_age=LIFE)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=who, is_active=True).first()
    comments = Comment.objects.select_related("post", "parent", "last_decision__by")
    comment = comments.filter(pk=what).first()
    if not user or not comment or seal not in _seals(user):
        return None
    if not permissions.can_moderate(user, comment.post):
        return None
    return Warrant(user, comment, status, decision)


def _seals(user: User) -> set[str]:
    """Those of the password as it is, by the secret key and by former ones."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return {_seal(one) for one in hashes}


def _seal(auth_hash: str) -> str:
    return hashlib.sha256(auth_hash.encode()).hexdigest()[:16]
