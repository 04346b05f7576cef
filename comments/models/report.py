from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.decision import Decision


class Report(models.Model):
    """A reader's word to the moderators that a published comment should not stand."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("It is spam or advertising")
        ABUSE = "abuse", _("It insults or threatens somebody")
        PRIVATE = "private", _("It gives away private facts")
        ILLEGAL = "illegal", _("It breaks the law")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="reports", verbose_name=_("comment")
    )
    reader = models.CharField(
        max_length=64, help_text="keyed hash of the network address: one report each"
    )
    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    words = models.CharField(_("in the reader’s words"), max_length=500, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    seen = models.BooleanField(
        default=False, help_text="a moderator has decided about the comment since"
    )

    settled_by = models.ForeignKey(
        Decision,
        models.SET_NULL,
        related_name="+",
        null=True,
        help_text="undoing it opens it again",
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        default_permissions = ["view"]
        constraints = [models.UniqueConstraint(fields=["comment", "reader"], name="report_once")]
        indexes = [
            models.Index(fields=["reader", "-at"], name="report_rate"),
            models.Index(fields=["-at"], name="report_open", condition=models.Q(seen=False)),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())
