from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog import editions
from blog.slugs import unique_slug


class Category(models.Model):
    """A place in the one tree under which posts are filed. Its address names those above it."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=200, unique=True, blank=True, allow_unicode=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="children",
        verbose_name=_("parent"),
        null=True,
        blank=True,
    )
    description = models.TextField(_("description"), blank=True)
    path = models.CharField(max_length=1000, unique=True, editable=False)

    objects = editions.RenewingQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    @editions.renews
    def save(self, *args, **kwargs) -> None:
        """Saves, and moves the addresses of everything below along."""
        self.slug = self.slug or unique_slug(self, self.name)
        self.path = f"{self.parent.path}/{self.slug}" if self.parent else self.slug
        super().save(*args, **kwargs)
        for child in self.children.all():
            child.parent = self
            child.save(update_fields=["path"])

    def get_absolute_url(self) -> str:
        return reverse("category", args=[self.path])

    @editions.renews
    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        return super().delete(*args, **kwargs)

    def clean(self) -> None:
        above = self.parent
        while above:
            if above.pk == self.pk:
                raise ValidationError({"parent": _("A category cannot stand below itself.")})
            above = above.parent

    def trail(self) -> list["Category"]:
        """Those above it, the topmost first."""
        parts = self.path.split("/")
        paths = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        return list(Category.objects.filter(path__in=paths))


class Tag(models.Model):
    """A word that posts share."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=200, unique=True, blank=True, allow_unicode=True)
    description = models.TextField(_("description"), blank=True)

    objects = editions.RenewingQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @editions.renews
    def save(self, *args, **kwargs) -> None:
        self.slug = self.slug or unique_slug(self, self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.slug])

    @editions.renews
    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        return super().delete(*args, **kwargs)
