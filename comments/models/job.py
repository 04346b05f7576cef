from datetime import timedelta

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """Work that comes round: when it is next due. Of many workers one gets it each time."""

    name = models.CharField(max_length=40, primary_key=True)
    due_at = models.DateTimeField()

    class Meta:
        default_permissions = []

    def __str__(self) -> str:
        return self.name

    @classmethod
    def claim(cls, name: str, every: timedelta) -> bool:
        """Whether it is due and the caller is the one to do it."""
        now = timezone.now()
        cls.objects.get_or_create(name=name, defaults={"due_at": now})
        far = now + 2 * every  # the clock was set back
        mine = cls.objects.filter(name=name).filter(
            models.Q(due_at__lte=now) | models.Q(due_at__gt=far)
        )
        return bool(mine.update(due_at=now + every))
