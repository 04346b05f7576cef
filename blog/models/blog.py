import zoneinfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog import editions

YEARS = 36_500  # days, about a hundred years


def time_zones() -> list[tuple[str, str]]:
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    return [(name, name.replace("_", " ")) for name in ["UTC", *names]]


class Blog(models.Model):
    """The one row of settings that the owner edits."""

    class Moderation(models.TextChoices):
        ALL = "all", _("Hold every comment of a guest")
        FIRST = "first", _("Hold a guest’s comments until one was published")
        NONE = "none", _("Publish at once")

    class Classifier(models.TextChoices):
        OFF = "off", _("Off")
        LOG = "log", _("Only say what it would have done")
        ON = "on", _("Count it")

    title = models.CharField(
        _("title"),
        max_length=200,
        default="Colloquy",
        help_text=_("At the top of every page, in feeds and in mail."),
    )
    tagline = models.CharField(
        _("tagline"),
        max_length=300,
        blank=True,
        help_text=_("A line under the title of the front page; search engines show it."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        choices=time_zones,
        default="UTC",
        help_text=_("In which dates and times are shown."),
    )
    posts_per_page = models.PositiveSmallIntegerField(
        _("posts a page"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("On the front page and in the lists of categories, tags and authors."),
    )
    comments_open = models.BooleanField(
        _("comments are open"),
        default=True,
        help_text=_("Take the tick away and nobody can comment anywhere. What stands, stays."),
    )
    comments_close_after = models.PositiveSmallIntegerField(
        _("close comments after"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(YEARS)],
        help_text=_("Days after a post was published. Empty: never."),
    )
    moderation = models.CharField(
        _("moderation"),
        max_length=8,
        choices=Moderation,
        default=Moderation.ALL,
        help_text=_(
            "Of people you always publish, none is held by this. Even with “Publish at once” a "
            "comment is held, or called spam, for what the settings below and your rules say."
        ),
    )
    name_and_email_required = models.BooleanField(
        _("name and email are required"),
        default=True,
        help_text=_("Without it a guest may leave them empty and signs as “Anonymous”."),
    )
    login_required = models.BooleanField(
        _("only users who are logged in may comment"),
        default=False,
        help_text=_("Those who have an account here. Everybody else reads why they cannot."),
    )
    links_allowed = models.PositiveSmallIntegerField(
        _("links allowed"),
        default=2,
        help_text=_("A guest’s comment with more links than this is always held."),
    )
    comment_max_length = models.PositiveIntegerField(
        _("longest comment"),
        default=10_000,
        validators=[MinValueValidator(100), MaxValueValidator(65_525)],
        help_text=_("In characters, at most 65,525."),
    )
    comments_per_minute = models.PositiveSmallIntegerField(
        _("comments a minute"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("That one address may send."),
    )
    comments_per_hour = models.PositiveSmallIntegerField(
        _("comments an hour"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_(
            "That a whole network (256 addresses, or what one provider hands out) may send."
        ),
    )
    hold_from = models.FloatField(
        _("hold from"),
        default=2.0,
        validators=[MinValueValidator(0.1)],
        help_text=_("Points. Each thing that speaks for spam adds some; the desk shows which."),
    )
    spam_from = models.FloatField(
        _("spam from"),
        default=5.0,
        validators=[MinValueValidator(0.1)],
        help_text=_("Points. A spam comment is never deleted at once; you find it at the desk."),
    )
    blatant_trap = models.BooleanField(
        _("who falls into the trap is blatant"),
        default=True,
        help_text=_("A field that people do not see was filled in: out of the spam view’s sight."),
    )
    blatant_discard = models.BooleanField(
        _("what Akismet would throw away is blatant"),
        default=True,
        help_text=_("What it is quite sure of: out of the spam view’s sight as well."),
    )
    delete_spam_after = models.PositiveSmallIntegerField(
        _("delete spam after"),
        null=True,
        blank=True,
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(YEARS)],
        help_text=_("Days. What a moderator called spam stays 30 days. Empty: never."),
    )
    classifier = models.CharField(
        _("learning filter"),
        max_length=4,
        choices=Classifier,
        default=Classifier.ON,
        help_text=_(
            "It learns from your decisions alone, on this machine. Until it has seen enough of "
            "both kinds it only says what it would have done."
        ),
    )
    akismet_key = models.CharField(
        _("Akismet key"),
        max_length=64,
        blank=True,
        help_text=_(
            "With a key, each guest’s comment is sent to Akismet, and the form says so. Take it "
            "out, and what still waits for an answer goes where your own rules send it."
        ),
    )
    reports_hold = models.PositiveSmallIntegerField(
        _("reports that hold"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_(
            "So many readers’ reports take a comment back to be looked at. Empty: none do."
        ),
    )
    nesting = models.PositiveSmallIntegerField(
        _("levels of answers"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("A deeper answer stands beside the one it answers. Given numbers stay."),
    )
    welcome_token = models.CharField(max_length=64, blank=True, editable=False)
    sample_content = models.JSONField(default=dict, blank=True, editable=False)

    objects = editions.RenewingQuerySet.as_manager()

    class Meta:
        verbose_name = _("blog")
        verbose_name_plural = _("blog settings")

    def __str__(self) -> str:
        return self.title

    @editions.renews
    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Blog":
        """The blog. There is one; it is made, with its defaults, when it is first asked for."""
        return cls.objects.first() or cls.objects.get_or_create(pk=1)[0]
