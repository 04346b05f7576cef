from typing import Any, cast

from django.db import models


class IsKept(Exception):
    """Somebody tried to delete or to rewrite what is written down for good."""


class KeptQuerySet(models.QuerySet):
    """Rows of the log: new ones may come, those that are there stay as they are.

    No database trigger stands behind this: SQLite drops the triggers of a table whenever a
    migration makes it anew, without a word.
    """

    def delete(self):
        raise IsKept(f"{self.model.__name__}: the log is not deleted")

    def update(self, **changes: Any) -> int:
        """Writes that what a row spoke of is deleted (`SET_NULL`), and nothing else."""
        may_go = cast("type[Kept]", self.model).MAY_GO
        if any(value is not None or name not in may_go for name, value in changes.items()):
            raise IsKept(f"{self.model.__name__}: the log is not rewritten")
        return super().update(**changes)

    def bulk_create(self, objs, *args, **kwargs):
        if kwargs.get("update_conflicts"):
            raise IsKept(f"{self.model.__name__}: the log is not rewritten")
        return super().bulk_create(objs, *args, **kwargs)


class Kept(models.Model):
    """A row that is written once, and stays."""

    MAY_GO: tuple[str, ...] = ()  # what it speaks of and does not keep from being deleted

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # by which relations write: user.decisions.add(…)

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise IsKept(f"{type(self).__name__} {self.pk}: the log is not rewritten")
        # Else a new object with the key of an old row would be written over that.
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args, **kwargs):
        raise IsKept(f"{type(self).__name__} {self.pk}: the log is not deleted")
