import unicodedata
from collections.abc import Sequence

from django.db import models
from django.db.models.lookups import StartsWith
from django.utils.translation import gettext_lazy as _

LAST = "\U0010ffff"  # in the order of bytes no text that begins alike comes after it


def canonical(email: str) -> str:
    """One spelling for all ways to write an address (CVE-2019-19844); never one to send mail to."""
    return unicodedata.normalize("NFKC", email).casefold()[:254]


@models.CharField.register_lookup
class Begins(models.Lookup):
    """`startswith` in a form for which either database has an index."""

    lookup_name = "begins"

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        place, params = self.process_lhs(compiler, connection)
        ends = [*params, self.rhs, *params, f"{self.rhs}{LAST}"]
        return f"({place} >= %s AND {place} < %s)", ends

    def as_postgresql(self, compiler, connection) -> tuple[str, Sequence]:
        return StartsWith(self.lhs, self.rhs).as_sql(compiler, connection)


class Domain(models.Func):
    """What stands behind the @ of an address, in the order of its bytes."""

    arity = 1
    output_field = models.CharField()
    template = "SUBSTR(%(expressions)s, INSTR(%(expressions)s, '@') + 1)"

    def as_postgresql(self, compiler, connection, **context) -> tuple[str, Sequence]:
        behind = "SUBSTR(%(expressions)s, STRPOS(%(expressions)s, '@') + 1)"
        # The beginning of a text is looked up in this order alone.
        return self.as_sql(compiler, connection, template=f'({behind} COLLATE "C")', **context)


class PersonManager(models.Manager["Person"]):
    def writing_from(self, address: str) -> models.QuerySet["Person"]:
        """Those whose address begins so; where it begins with the @, whose domain does."""
        said = canonical(address)
        if said.startswith("@"):
            return self.alias(domain=Domain("email")).filter(domain__begins=said[1:])
        return self.filter(email__begins=said)

    def called(self, email: str) -> "Person | None":
        """Who wrote from an e-mail address before, however it is typed."""
        return self.filter(email=canonical(email)).first() if email else None

    def at(self, email: str, name: str) -> "Person | None":
        """Who writes from an e-mail address; None where there is none."""
        if not email:
            return None
        return self.called(email) or self._new(email, name)

    def _new(self, email: str, name: str) -> "Person":
        """Adds a person, or finds the one whom somebody else has just added; one statement."""
        person = self.model(email=canonical(email), name=name)
        unique = ["email"]
        return self.bulk_create(
            [person], update_conflicts=True, unique_fields=unique, update_fields=unique
        )[0]


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
            models.Index(Domain("email"), name="person_domain"),
            models.Index(
                fields=["standing", "name"],
                name="person_standing",
                condition=~models.Q(standing=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.email})"
