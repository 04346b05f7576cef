from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog import editions
from comments.models.decision import Decision

EDITION = "rules"
renews = editions.renewing(EDITION)


class RuleQuerySet(models.QuerySet["Rule"]):
    """Rules that every process keeps: changing them renews their edition."""

    update = renews(models.QuerySet.update)
    delete = renews(models.QuerySet.delete)
    bulk_create = renews(models.QuerySet.bulk_create)


class Rule(models.Model):
    """One entry of the word, name, address, network and domain lists."""

    class Kind(models.TextChoices):
        WORD = "word", _("Word or phrase")
        NAME = "name", _("Name")
        EMAIL = "email", _("Email address, or its part from the @ on")
        NETWORK = "network", _("IP address or network")
        DOMAIN = "domain", _("Domain that is linked to")

    class Outcome(models.TextChoices):
        HOLD = "hold", _("Hold for review")
        SPAM = "spam", _("Call it spam")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("text"), max_length=254)
    outcome = models.CharField(_("then"), max_length=4, choices=Outcome, default=Outcome.HOLD)
    why = models.CharField(
        _("why"), max_length=300, blank=True, help_text=_("For whoever finds it here later.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("made by"),
        null=True,
        editable=False,
    )
    at = models.DateTimeField(_("made at"), auto_now_add=True)
    decision = models.OneToOneField(
        Decision,
        models.SET_NULL,
        related_name="rule",
        null=True,
        editable=False,
        help_text="that made it, from a comment at the desk",
    )
    former = models.JSONField(
        null=True, editable=False, help_text="what that decision found here; undoing brings it back"
    )

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules and words")
        ordering = ["kind", "text"]
        constraints = [models.UniqueConstraint(fields=["kind", "text"], name="rule_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"

    @renews
    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)

    @renews
    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        return super().delete(*args, **kwargs)
