import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _


def canonical(email: str) -> str:
    """One spelling for all ways to write an address (CVE-2019-19844); never one to send mail to."""
    return unicodedata.normalize("NFKC", email).casefold()[:254]


class PersonManager(models.Manager["Person"]):
    def at(self, email: str, name: str) -> "Person | None":
        """Who writes from an e-mail address; None where there is none."""
        if not email:
            return None
        return self.get_or_create(email=canonical(email), defaults={"name": name})[0]


class Person(models.Model):
    """Whoever writes from one e-mail address: no account, what moderators know of them."""

    class Standing(models.TextChoices):
        UNKNOWN = "", _("As the rules say")
        TRUSTED = "trusted", _("Always published")

    email = models.EmailField(_("email"), unique=True, editable=False)
    name = models.CharField(
        _("name"), max_length=245, editable=False, help_text=_("As they first signed.")
    )
    standing = models.CharField(
        _("standing"), max_length=8, choices=Standing, default=Standing.UNKNOWN, blank=True
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("For moderators; nobody else ever sees it.")
    )

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        default_permissions = ["view", "change"]
        indexes = [
            models.Index(
                fields=["standing", "name"],
                name="person_standing",
                condition=~models.Q(standing=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.email})"
