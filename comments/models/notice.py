from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class Preference(models.Model):
    """How one moderator wants the desk."""

    class Notices(models.TextChoices):
        AT_ONCE = "at_once", _("At once, one for each comment")
        HOURLY = "hourly", _("Together, once an hour")
        DAILY = "daily", _("Together, once a day")
        NEVER = "never", _("Never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preference", editable=False
    )
    notices = models.CharField(
        _("mail when a comment waits"), max_length=8, choices=Notices, default=Notices.AT_ONCE
    )
    keys = models.BooleanField(
        _("single keys"),
        default=False,
        help_text=_("p publishes, s calls spam, j goes to the next …: the desk lists them."),
    )

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        default_permissions = []

    def __str__(self) -> str:
        return str(self.user)


class Notice(models.Model):
    """One mail to one moderator: that a comment waits, or a digest of those that do."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    comments = models.ManyToManyField(
        Comment, through="NoticeItem", related_name="notices", verbose_name=_("comments")
    )
    due_at = models.DateTimeField(_("due at"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=64, null=True, help_text="a worker; see `schedule`")
    sent_at = models.DateTimeField(_("sent at"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    is_digest = models.BooleanField(_("digest"), default=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        default_permissions = ["view"]
        indexes = [
            models.Index(
                fields=["due_at"], name="notice_due", condition=models.Q(sent_at__isnull=True)
            ),
            models.Index(fields=["recipient", "-made_at"], name="notice_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.due_at:%Y-%m-%d %H:%M}"


class NoticeItem(models.Model):
    """That one moderator was, or will be, told of one comment: once and no more."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="items")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+")

    class Meta:
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["recipient", "comment"], name="noticed_once")
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.comment}"
