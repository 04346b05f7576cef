from html import unescape
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from blog.models import Post, User
from comments import numbers, permalinks, permissions
from comments.models.person import Person

if TYPE_CHECKING:
    from comments.models.decision import Decision

QUOTED = 200  # characters of a comment that whoever answers it sees


class CommentQuerySet(models.QuerySet["Comment"]):
    def pending(self) -> "CommentQuerySet":
        return self.filter(status=Comment.Status.PENDING)

    def published(self) -> "CommentQuerySet":
        return self.filter(status=Comment.Status.PUBLISHED)

    def public(self) -> "CommentQuerySet":
        """What anybody may read: published comments on published posts."""
        return self.published().filter(
            post__status=Post.Status.PUBLISHED, post__published_at__lte=timezone.now()
        )

    def numbered(self, number: str) -> "CommentQuerySet":
        """The comment that has this number on its post; none where it is not a number."""
        return self.filter(path=numbers.path_of(number) or "none")

    def under(self, path: str) -> "CommentQuerySet":
        """The comment at `path` and all that stand below it."""
        return self.filter(path__gte=path, path__lt=numbers.end(path))

    def for_moderator(self, user: User | AnonymousUser) -> "CommentQuerySet":
        """Those that `user` may decide about: an Author only what stands under own posts."""
        if user.has_perm(permissions.ALL):
            return self
        if user.has_perm(permissions.OWN):
            return self.filter(post__author=user)
        return self.none()

    # The verbs. Each serves one comment or five hundred, in one transaction with its Decision.

    def publish(self, *, by: User | None, why: str = "") -> "Decision | None":
        return self._decide("publish", by, why)

    def hold(self, *, by: User | None, why: str = "") -> "Decision | None":
        return self._decide("hold", by, why)

    def mark_spam(self, *, by: User | None, why: str = "") -> "Decision | None":
        return self._decide("mark_spam", by, why)

    def remove(self, *, by: User | None, why: str = "") -> "Decision | None":
        return self._decide("remove", by, why)

    def restore(self, *, by: User | None, why: str = "") -> "Decision | None":
        """Takes a comment back to where it stood before it was removed or called spam."""
        return self._decide("restore", by, why)

    def _decide(self, verb: str, by: User | None, why: str) -> "Decision | None":
        from comments import moderation  # it needs the models

        return moderation.decide(self, verb, by=by, why=why)


class Comment(models.Model):
    """One remark on one post."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        PUBLISHED = "published", _("Published")
        SPAM = "spam", _("Spam")
        REMOVED = "removed", _("Removed")

    post = models.ForeignKey(
        Post, models.CASCADE, related_name="comments", verbose_name=_("post"), db_index=False
    )
    parent = models.ForeignKey(
        "self",
        models.RESTRICT,
        related_name="answers",
        verbose_name=_("in reply to"),
        null=True,
        blank=True,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="comments",
        verbose_name=_("user"),
        null=True,
        blank=True,
        help_text=_("Set when somebody wrote it who was logged in."),
    )
    status = models.CharField(
        _("status"), max_length=16, choices=Status, default=Status.PENDING, editable=False
    )
    name = models.CharField(_("name"), max_length=245)
    email = models.EmailField(_("email"), blank=True)
    url = models.URLField(_("website"), max_length=200, blank=True)
    body = models.TextField(_("text"), help_text=_("As typed. Readers see it rendered."))
    html = models.TextField(editable=False)
    reasons = models.JSONField(
        default=list, editable=False, help_text="[{code, words, weight, detail}], see screening"
    )
    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("first published at"), null=True, editable=False)
    address = models.GenericIPAddressField(_("IP address"), null=True, editable=False)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True, editable=False)
    referrer = models.CharField(max_length=300, null=True, editable=False)
    seconds = models.FloatField(
        null=True, editable=False, help_text="that the form took to fill in, where it is known"
    )
    edited_at = models.DateTimeField(
        null=True, editable=False, help_text="when a moderator last changed its text"
    )
    fingerprint = models.CharField(
        max_length=64, unique=True, null=True, editable=False, help_text="see submission"
    )
    cites = models.ManyToManyField(
        "self", symmetrical=False, related_name="cited_by", blank=True, editable=False
    )

    is_blatant = models.BooleanField(
        null=True, editable=False, help_text="true for spam that nobody needs to look at, else null"
    )
    last_decision = models.ForeignKey(
        "Decision", models.SET_NULL, related_name="+", null=True, editable=False, db_index=False
    )

    # What follows from the above and is found by it; see `facts`. Null: not worked out yet.
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        related_name="comments",
        verbose_name=_("person"),
        null=True,
        editable=False,
        db_index=False,
    )
    host = models.CharField(max_length=43, null=True, editable=False, help_text="see networks")
    network = models.CharField(_("network"), max_length=43, null=True, editable=False)
    sketch = models.BigIntegerField(null=True, editable=False, help_text="see likeness")
    wave = models.BigIntegerField(
        null=True, editable=False, help_text="shared by texts that are nearly the same; 0: none"
    )

    # Its place; see `numbers` and `numbering`.
    path = models.CharField(max_length=70, null=True, editable=False)
    in_window = models.BooleanField(default=False, editable=False)
    last_number = models.PositiveIntegerField(default=0, editable=False)
    branch_count = models.PositiveIntegerField(default=0, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        default_permissions = ["view", "change", "delete"]
        permissions = [
            ("moderate_comment", _("Can moderate all comments")),
            ("moderate_own_posts", _("Can moderate the comments on own posts")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["post", "path"], name="comment_number"),
            models.CheckConstraint(
                name="comment_published_has_number",
                condition=~models.Q(status="published") | models.Q(path__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "path"], name="comment_window", condition=models.Q(in_window=True)
            ),
            # With what tells plain spam from blatant: SQLite finds no partial index by a status in
            # a parameter, PostgreSQL no order in an index behind a column that is null.
            models.Index(
                fields=["status", "-created_at", "-id", "is_blatant"], name="comment_queue"
            ),
            models.Index(fields=["-created_at", "-id"], name="comment_latest"),
            models.Index(
                fields=["-published_at", "-id"],
                name="comment_feed",
                condition=models.Q(status="published"),
            ),
            models.Index(
                fields=["post", "-published_at", "-id"],
                name="comment_post_feed",
                condition=models.Q(status="published"),
            ),
            models.Index(
                fields=["-created_at", "-id"],
                name="comment_spam",
                condition=models.Q(status="spam", is_blatant__isnull=True),
            ),
            models.Index(
                fields=["status", "-created_at", "-id"],
                name="comment_blatant",
                condition=models.Q(is_blatant=True),
            ),
            models.Index(
                fields=["post", "status", "-created_at", "-id", "is_blatant"],
                name="comment_of_post",
            ),
            models.Index(fields=["person", "status", "-created_at", "-id"], name="comment_record"),
            models.Index(fields=["host", "-created_at"], name="comment_rate"),
            models.Index(fields=["network", "-created_at"], name="comment_network"),
            models.Index(fields=["wave", "status", "-created_at", "-id"], name="comment_wave"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Waiting comment"))

    def get_absolute_url(self) -> str:
        return permalinks.of(self.post, self.path, in_window=self.in_window)

    @property
    def number(self) -> str:
        """ "3.1"; empty as long as it was never published."""
        return numbers.number_of(self.path) if self.path else ""

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def quotation(self) -> str:
        """Its first words, as plain text, for whoever answers it."""
        words = unescape(strip_tags(self.html)).strip()
        return words if len(words) <= QUOTED else f"{words[: QUOTED - 1]}…"

    def above(self) -> CommentQuerySet:
        """Those that it answers, directly or not, the topmost first."""
        path = (self.parent.path or "") if self.parent else ""
        paths = [path[:end] for end in range(numbers.DIGITS, len(path) + 1, numbers.DIGITS)]
        return Comment.objects.filter(post=self.post_id, path__in=paths).order_by("path")
