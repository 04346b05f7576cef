from django.db import models


class Edition(models.Model):
    """How often something that readers see has changed; see `blog.editions`."""

    name = models.CharField(max_length=16, primary_key=True)
    number = models.BigIntegerField()

    class Meta:
        default_permissions = []

    def __str__(self) -> str:
        return f"{self.name}: {self.number}"
