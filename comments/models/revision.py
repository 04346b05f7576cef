from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.decision import Change, Decision
from comments.models.person import Person


class Revision(models.Model):
    """The words of a comment as they were before one edit of them."""

    change = models.OneToOneField(Change, models.CASCADE, related_name="revision")
    name = models.CharField(_("name"), max_length=245)
    email = models.EmailField(_("email"), blank=True)
    url = models.URLField(_("website"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    edited_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        default_permissions = []

    def __str__(self) -> str:
        return self.body[:80]


class PersonRevision(models.Model):
    """What was known of a person before one decision about them."""

    decision = models.OneToOneField(
        Decision, models.CASCADE, related_name="person_revision", verbose_name=_("decision")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="revisions", verbose_name=_("person")
    )
    standing = models.CharField(_("standing"), max_length=8, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("revision of a person")
        verbose_name_plural = _("revisions of people")
        default_permissions = []

    def __str__(self) -> str:
        return f"{self.person}: {self.standing} {self.note[:80]}"
