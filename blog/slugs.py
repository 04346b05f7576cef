"""The words of an address."""

from itertools import count

from django.db.models import Model
from django.utils.text import slugify


def unique_slug(instance: Model, text: str, max_length: int = 200) -> str:
    """A slug made from `text` that no other row of the model has: `tea`, `tea-2`, `tea-3`."""
    base = (
        slugify(text, allow_unicode=True)[: max_length - 8].strip("-") or instance._meta.model_name
    )
    others = type(instance)._default_manager.exclude(pk=instance.pk)
    taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (f"{base}-{n}" for n in count(2))
    return base if base not in taken else next(slug for slug in candidates if slug not in taken)
