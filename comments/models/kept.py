from collections.abc import Iterable
from typing import cast

from django.db import models


class IsKept(Exception):
    """Somebody tried to delete or to rewrite what is written down for good."""


class KeptQuerySet(models.QuerySet):
    def delete(self):
        raise IsKept(f"{self.model.__name__}: the log is not deleted")


class Kept(models.Model):
    """A row that is written once: it stays, and its FACTS stay as they are."""

    FACTS: tuple[str, ...] = ()

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs) -> None:
        if not self._state.adding and not self._is_as_written(update_fields):
            raise IsKept(f"{type(self).__name__} {self.pk}: the log is not rewritten")
        super().save(*args, update_fields=update_fields, **kwargs)

    def delete(self, *args, **kwargs):
        raise IsKept(f"{type(self).__name__} {self.pk}: the log is not deleted")

    def _is_as_written(self, names: Iterable[str] | None) -> bool:
        """Whether those of the named fields (None: all) that are facts are as in the database."""
        fields = [cast(models.Field, self._meta.get_field(fact)) for fact in self.FACTS]
        told = [one for one in fields if names is None or {one.name, one.attname} & set(names)]
        facts = {field.attname: getattr(self, field.attname) for field in told}
        return not facts or type(self).objects.filter(pk=self.pk, **facts).exists()
