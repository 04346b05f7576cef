"""What Akismet was asked and said: read by who may, changed by nobody, asked again from here."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from blog.models import Blog
from comments import checks, permissions
from comments.models import Check


@admin.register(Check)
class CheckAdmin(admin.ModelAdmin):
    list_display = ["asked_at", "what", "answer", "attempts", "error", "corrected"]
    list_filter = ["answer"]
    list_select_related = ["comment"]
    ordering = ["-asked_at", "-pk"]
    show_full_result_count = False
    when_empty = _(
        "With a key in the blog settings Akismet is asked about each comment that comes in. What "
        "it said stands here, and which comments still wait for its answer."
    )
    fields = readonly_fields = (
        "what",
        "answer",
        "attempts",
        "error",
        "asked_at",
        "answered_at",
        "corrected",
    )

    @admin.display(description=_("comment"))
    def what(self, check: Check) -> SafeString:
        url = reverse("admin:comments_comment_change", args=[check.comment_id])
        return format_html(
            '<a href="{}" dir="auto">{}</a>', url, f"{check.comment.name} {check.comment}"
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Check | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Check | None = None) -> bool:
        return False

    def get_urls(self) -> list:
        again = self.admin_site.admin_view(self.ask_again_view)
        return [path("ask-again/", again, name="comments_check_ask_again"), *super().get_urls()]

    def ask_again_view(self, request: HttpRequest) -> HttpResponse:
        """Has all that is unanswered asked again, by POST."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(permissions.ALL):
            raise PermissionDenied
        count = checks.ask_again()
        self._tell(request, count)
        return redirect("admin:comments_check_changelist")

    def _tell(self, request: HttpRequest, count: int) -> None:
        if not Blog.current().akismet_key:
            words = gettext("No key is set: the comments go where the blog’s own rules send them.")
            return self.message_user(request, words, messages.WARNING)
        words = ngettext(
            "Akismet is asked about %(count)d comment again, within a minute.",
            "Akismet is asked about %(count)d comments again, within a minute.",
            count,
        )
        return self.message_user(request, words % {"count": count}, messages.SUCCESS)
