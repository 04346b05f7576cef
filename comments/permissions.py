"""Who may decide about comments: moderators all, authors those under their own posts."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from blog.frame import Frame
from blog.models import Post, User

ALL = "comments.moderate_comment"
OWN = "comments.moderate_own_posts"


def can_moderate(user: User | AnonymousUser, post: Post) -> bool:
    """Whether the comments under `post` are this user's to decide about.

    Who may no longer enter the admin site decides nowhere else either.
    """
    if not user.is_staff:
        return False
    if user.has_perm(ALL):
        return True
    return post.author_id == user.pk and user.has_perm(OWN)


def moderators() -> QuerySet[User]:
    """Everybody who may decide about all comments."""
    return ModelBackend().with_perm(ALL).filter(is_staff=True)


def known_moderators(frame: Frame) -> frozenset[int]:
    """The keys of the moderators, asked for once in each edition of the blog."""
    return frame.once("moderators", lambda: frozenset(moderators().values_list("pk", flat=True)))
