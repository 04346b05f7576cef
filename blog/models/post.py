import math
import re
from datetime import datetime, timedelta
from html import unescape

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import editions, markup
from blog.models.blog import Blog
from blog.models.taxonomy import Category, Tag
from blog.models.user import User
from blog.slugs import unique_slug

WORDS_PER_MINUTE = 240
YEAR = re.compile("[0-9]{4}")
# First parts of the blog's own addresses, which a page cannot have.
RESERVED = frozenset(
    "admin archive author category comments feed healthz media page search static tag "
    "welcome".split()
)


class PostQuerySet(editions.RenewingQuerySet):
    def update(self, **fields) -> int:
        """What belongs to the conversation has editions of its own."""
        if fields.keys() <= set(Post.CONVERSATION):
            return models.QuerySet.update(self, **fields)
        return super().update(**fields)

    def published(self) -> "PostQuerySet":
        """What anybody may read: published, and its hour has come."""
        return self.filter(status=Post.Status.PUBLISHED, published_at__lte=timezone.now())

    def stream(self) -> "PostQuerySet":
        """Published posts without pages, newest first."""
        return self.published().filter(kind=Post.Kind.POST).order_by("-published_at", "-pk")

    def pages(self) -> "PostQuerySet":
        return self.published().filter(kind=Post.Kind.PAGE).order_by("title")

    def for_list(self) -> "PostQuerySet":
        """With what a line of a list prints, and without the text."""
        return self.select_related("author").defer("body")


class Post(models.Model):
    """An article, or a page (About, Contact) that stands outside the stream."""

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        PAGE = "page", _("Page")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.POST)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.DRAFT)
    title = models.CharField(_("title"), max_length=300)
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("The last part of the address. Made from the title when left empty."),
    )
    excerpt = models.TextField(
        _("excerpt"), blank=True, help_text=_("One or two sentences under the title.")
    )
    body = models.TextField(_("text"), blank=True, help_text=_("HTML."))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("author")
    )
    categories = models.ManyToManyField(
        "blog.Category", related_name="posts", verbose_name=_("categories"), blank=True
    )
    tags = models.ManyToManyField(
        "blog.Tag", related_name="posts", verbose_name=_("tags"), blank=True
    )
    published_at = models.DateTimeField(
        _("published at"),
        default=timezone.now,
        help_text=_("A published post with a date to come is scheduled."),
    )
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    comments_open = models.BooleanField(_("comments are open"), default=True)
    comment_count = models.PositiveIntegerField(_("published comments"), default=0, editable=False)
    last_number = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Given to a top-level comment; never given again.")
    )
    thread_edition = models.BigIntegerField(null=True, editable=False, help_text="see editions")
    import_key = models.CharField(max_length=64, unique=True, null=True, editable=False)

    objects = PostQuerySet.as_manager()
    COUNTERS = ("comment_count", "last_number")
    CONVERSATION = (*COUNTERS, "thread_edition")  # only the conversation changes them

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-published_at", "-pk"]
        permissions = [("edit_others_posts", _("Can edit the posts of others"))]
        indexes = [
            models.Index(fields=["kind", "status", "-published_at", "-id"], name="post_stream"),
            models.Index(fields=["author", "-published_at"], name="post_author"),
            models.Index(fields=["status", "published_at"], name="post_dates"),
        ]

    def __str__(self) -> str:
        return self.title

    @editions.renews
    def save(self, *args, update_fields=None, **kwargs) -> None:
        """Saves the post and never its counters, which may have moved since it was read."""
        self.slug = self.slug or unique_slug(self, self.title)
        self.body = markup.clean(self.body)
        if update_fields is None and not self._state.adding:
            fields = (field.name for field in self._meta.concrete_fields if not field.primary_key)
            update_fields = set(fields) - set(self.CONVERSATION) - self.get_deferred_fields()
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("post", args=[self.place])

    @editions.renews
    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        return super().delete(*args, **kwargs)

    @property
    def place(self) -> str:
        """The address without slashes at its ends: "2014/01/slug", or "slug" of a page."""
        if self.kind == self.Kind.PAGE:
            return self.slug
        return f"{timezone.localtime(self.published_at):%Y/%m}/{self.slug}"

    def neighbours(self) -> tuple["Post | None", "Post | None"]:
        """The posts before and after this one in the stream; one query."""
        here, stream = models.Q(published_at=self.published_at), Post.objects.stream()
        # Where an index begins, whatever the date: then those of the same moment are told apart.
        older = stream.filter(published_at__lte=self.published_at).exclude(here, pk__gte=self.pk)
        newer = stream.filter(published_at__gte=self.published_at).exclude(here, pk__lte=self.pk)
        nearest = [older, newer.order_by("published_at", "pk")]
        keys = [models.Q(pk=models.Subquery(posts.values("pk")[:1])) for posts in nearest]
        posts = Post.objects.filter(keys[0] | keys[1])
        found = list(posts.only("kind", "slug", "title", "published_at"))
        this = (self.published_at, self.pk)
        before = [post for post in found if (post.published_at, post.pk) < this]
        after = [post for post in found if (post.published_at, post.pk) > this]
        return before[0] if before else None, after[0] if after else None

    def filing(self) -> tuple[list[Category], list[Tag]]:
        """The categories and the tags of the post, in their order; one query."""
        kind = models.Value
        filed = self.categories.order_by().values_list(kind("category"), "path", "name")
        tags = self.tags.order_by().values_list(kind("tag"), "name", "slug")
        rows = sorted(filed.union(tags, all=True))
        return (
            [Category(path=path, name=name) for kind, path, name in rows if kind == "category"],
            [Tag(name=name, slug=slug) for kind, name, slug in rows if kind == "tag"],
        )

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.published_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.PUBLISHED and not self.is_published

    def clean(self) -> None:
        self.slug = self.slug or unique_slug(self, self.title)
        if self.kind == self.Kind.PAGE and (self.slug in RESERVED or YEAR.fullmatch(self.slug)):
            raise ValidationError({"slug": _("The blog itself uses this address.")})

    @property
    def description(self) -> str:
        """What search engines and cards show under the title."""
        return self.excerpt or Truncator(unescape(strip_tags(self.body)).strip()).words(30)

    @property
    def minutes(self) -> int:
        """How long it takes to read, in whole minutes, at least one."""
        return max(1, math.ceil(len(strip_tags(self.body).split()) / WORDS_PER_MINUTE))

    def comments_close_at(self, blog: Blog) -> datetime | None:
        """When the conversation ends by the blog's rule; None for never."""
        days = blog.comments_close_after
        return self.published_at + timedelta(days=days) if days else None

    def comments_closed_because(self, blog: Blog, user: User | None = None) -> str:
        """Why `user` (None: a guest) cannot comment here, in a sentence; empty where they can."""
        if not (blog.comments_open and self.comments_open):
            return gettext("This conversation has ended.")
        ends = self.comments_close_at(blog)
        if ends and ends < timezone.now():
            days = {"days": blog.comments_close_after}
            return gettext("They close %(days)d days after a post.") % days
        if blog.login_required and not user:
            return gettext("Only users of this blog can comment; log in first.")
        return ""
