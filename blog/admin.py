"""The blog in the admin site: posts, categories, tags, people, and the one page of settings."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog import editions
from blog.models import Blog, Category, Post, Tag, User

OTHERS = "blog.edit_others_posts"


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    """Posts and pages. Who may not edit those of others sees their own alone."""

    list_display = ["title", "kind", "state", "author", "published_at", "comment_count"]
    list_filter = ["kind", "status", "categories"]
    list_select_related = ["author"]
    search_fields = ["title", "excerpt"]
    date_hierarchy = "published_at"
    prepopulated_fields = {"slug": ["title"]}
    filter_horizontal = ["categories", "tags"]
    fieldsets = [
        (None, {"fields": ["title", "excerpt", "body"]}),
        (_("Publication"), {"fields": ["status", "published_at", "kind", "slug", "author"]}),
        (_("Filing"), {"fields": ["categories", "tags"]}),
        (_("Discussion"), {"fields": ["comments_open"]}),
    ]

    @admin.display(description=_("state"), ordering="status")
    def state(self, post: Post) -> str:
        return gettext("Scheduled") if post.is_scheduled else str(post.get_status_display())

    def view_on_site(self, post: Post) -> str | None:
        return post.get_absolute_url() if post.is_published else None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        posts = super().get_queryset(request)
        return posts if request.user.has_perm(OTHERS) else posts.filter(author=request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> list[str]:
        return [] if request.user.has_perm(OTHERS) else ["author"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"author": request.user.pk} | super().get_changeform_initial_data(request)

    def save_model(self, request: HttpRequest, obj: Post, form, change: bool) -> None:
        if not obj.author_id:
            obj.author_id = request.user.pk
        super().save_model(request, obj, form, change)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "body":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ["name", "path"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Who writes and moderates. A role is a group: Editor, Author or Moderator."""

    add_form = NewUserForm
    list_display = ["name", "email", "is_staff", "is_active"]
    list_filter = ["is_active", "is_staff", "groups"]
    search_fields = ["name", "email"]
    ordering = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "email", "password"]}),
        (_("Role"), {"fields": ["is_active", "is_staff", "groups", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["name", "email", "usable_password", "password1", "password2"]},
        ),
    ]
    filter_horizontal = ["groups"]
    readonly_fields = ["last_login", "date_joined"]


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    """Roles. Readers see who moderates."""

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        editions.renew()

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        super().delete_model(request, obj)
        editions.renew()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        super().delete_queryset(request, queryset)
        editions.renew()


# The settings of the conversation, in the order in which a comment meets them.
DISCUSSION: list[tuple] = [
    (
        _("Who may comment"),
        {
            "description": _("What holds for the whole blog. A post can be closed on its own."),
            "fields": [
                "comments_open",
                "login_required",
                "name_and_email_required",
                "comments_close_after",
            ],
        },
    ),
    (
        _("What is held"),
        {
            "description": _(
                "A held comment waits for you, and its writer is told so. Everything that speaks "
                "for spam adds points: with enough of them a comment is held, with more it is "
                "spam. Your lists of words, people and networks stand under “Rules and words”."
            ),
            "fields": ["moderation", "links_allowed", "hold_from", "spam_from"],
        },
    ),
    (
        _("Limits"),
        {
            "description": _(
                "Whoever meets one is told which, and keeps what was typed to send it again."
            ),
            "fields": [
                "comment_max_length",
                "comments_per_minute",
                "comments_per_hour",
                "nesting",
            ],
        },
    ),
    (
        _("Spam"),
        {
            "description": _(
                "Spam waits at the desk until it is deleted, so that you can find what was taken "
                "for it wrongly. Blatant spam waits in a view of its own, apart from the rest."
            ),
            "fields": ["blatant_trap", "delete_spam_after"],
        },
    ),
    (
        _("The learning filter"),
        {
            "description": _("It knows nothing at first: each of your decisions teaches it."),
            "fields": ["classifier"],
        },
    ),
    (
        _("Readers’ reports"),
        {
            "description": _(
                "Readers can tell you of a published comment. You see every report at the desk."
            ),
            "fields": ["reports_hold"],
        },
    ),
]


class SettingsRequest(HttpRequest):
    """A request that saves the settings."""

    is_good_key: bool | None  # what Akismet says of the key; None: nothing


class BlogForm(forms.ModelForm):
    """The settings. A new key for Akismet has been tried."""

    is_good_key: bool | None = True

    def clean_akismet_key(self) -> str:
        if self.is_good_key is False and "akismet_key" in self.changed_data:
            raise forms.ValidationError(_("Akismet does not know this key."), code="invalid")
        return self.cleaned_data["akismet_key"]

    def clean(self) -> dict:
        """Spam takes more points than holding does, else nothing would ever be held."""
        data = super().clean()
        hold, spam = data.get("hold_from"), data.get("spam_from")
        if hold is not None and spam is not None and spam <= hold:
            words = _("This must be more than “hold from” (%(hold)s): a comment is held first.")
            error = forms.ValidationError(words, code="order", params={"hold": f"{hold:g}"})
            self.add_error("spam_from", error)
        return data

    @property
    def doubt(self) -> str:
        """What is to be said of a key that was saved all the same."""
        if self.is_good_key is None:
            return gettext(
                "Akismet does not answer, so whether the key is good was not checked. "
                "Comments are held until it does."
            )
        if not self.is_good_key:  # it was good once, and the other settings can be saved
            return gettext("Akismet no longer knows the key. Comments are held meanwhile.")
        return ""


@admin.register(Blog)
class BlogAdmin(admin.ModelAdmin):
    """The settings: one row, so the list of them is its form."""

    form = BlogForm
    fieldsets = [
        (None, {"fields": ["title", "tagline", "time_zone", "posts_per_page"]}),
        *DISCUSSION,
        (_("Akismet"), {"fields": ["akismet_key", "blatant_discard"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Blog | None = None) -> bool:
        return False

    def changeform_view(self, request: SettingsRequest, *args, **kwargs) -> HttpResponse:
        """Tries the key before Django opens its transaction: no writer is to wait for Akismet."""
        key = request.POST.get("akismet_key", "").strip()
        is_tried = key and self.has_change_permission(request)
        request.is_good_key = import_string(settings.AKISMET_VERIFY)(key) if is_tried else True
        return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: SettingsRequest, *args, **kwargs) -> type[BlogForm]:
        form = cast(type[BlogForm], super().get_form(request, *args, **kwargs))  # for it alone
        form.is_good_key = request.is_good_key
        return form

    def save_model(self, request: HttpRequest, obj: Blog, form: BlogForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.doubt:
            self.message_user(request, form.doubt, messages.WARNING)

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:blog_blog_change", Blog.current().pk)
