from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class Check(models.Model):
    """What Akismet was asked about a comment, and what it said."""

    class Answer(models.TextChoices):
        NONE = "", _("Not answered yet")
        HAM = "ham", _("Not spam")
        SPAM = "spam", _("Spam")
        DISCARD = "discard", _("Blatant spam")
        UNASKED = "unasked", _("Not asked: there was no key any more")

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="akismet")
    answer = models.CharField(
        _("answer"), max_length=8, choices=Answer, default=Answer.NONE, blank=True
    )
    publishes = models.BooleanField(
        default=False, help_text="whether the blog's own rules let the comment in"
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    corrected = models.CharField(
        _("corrected to"), max_length=4, blank=True, help_text="spam or ham, as last sent back"
    )

    class Meta:
        verbose_name = _("Akismet check")
        verbose_name_plural = _("Akismet checks")
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["asked_at"], name="check_open", condition=models.Q(answer="")),
        ]

    def __str__(self) -> str:
        return str(self.get_answer_display())
