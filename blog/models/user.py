from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog import editions
from blog.slugs import unique_slug


class UserManager(BaseUserManager.from_queryset(editions.RenewingQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user who logs in with `email`; without a password nobody can log in as them."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractUser):
    """Somebody who writes or moderates. Logs in with an e-mail address, which is never shown."""

    username = None
    first_name = None
    last_name = None
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=245, help_text=_("As readers see it."))
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("The last part of the address of the author’s page. Made from the name."),
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Saves the user; logging in, which only changes a date, is nothing that readers see."""
        self.slug = self.slug or unique_slug(self, self.name)
        if kwargs.get("update_fields") == ["last_login"]:
            super().save(*args, **kwargs)
        else:
            self._save_visibly(*args, **kwargs)

    @editions.renews
    def _save_visibly(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)

    @editions.renews
    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        return super().delete(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("author", args=[self.slug])
