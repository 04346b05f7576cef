"""The log of decisions: read by all who may, changed by nobody, taken back from here."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments import permissions
from comments.models import Comment, Decision

SHOWN = 100  # comments of a decision on its page


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin):
    list_display = ["at", "verb", "by", "size", "why", "was_undone"]
    list_filter = ["verb", "by"]
    list_select_related = ["by", "undone_by"]
    show_full_result_count = False
    fields = readonly_fields = ("at", "verb", "by", "why", "undoes", "what")

    @admin.display(description=_("undone"), boolean=True)
    def was_undone(self, decision: Decision) -> bool:
        return hasattr(decision, "undone_by")

    @admin.display(description=_("comments"))
    def what(self, decision: Decision) -> SafeString:
        changes = decision.changes.select_related("comment__post")[:SHOWN]
        rows = (
            (
                change.comment.number,
                change.comment.name,
                change.comment.post,
                change.get_before_display(),
                change.get_after_display(),
            )
            for change in changes
        )
        return format_html_join("", "<p>{} {} – {}: {} → {}</p>", rows)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        decisions = super().get_queryset(request)
        if request.user.has_perm(permissions.ALL):
            return decisions
        return decisions.filter(by=request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        return False

    def get_urls(self) -> list:
        undo = self.admin_site.admin_view(self.undo_view)
        return [path("<int:pk>/undo/", undo, name="comments_decision_undo"), *super().get_urls()]

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Takes a decision back, by POST."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        decision = get_object_or_404(self.get_queryset(request), pk=pk)
        theirs = Comment.objects.for_moderator(request.user).filter(decisions=decision)
        if theirs.count() != decision.size:
            raise PermissionDenied
        if undoing := decision.undo(by=request.user):
            self.message_user(request, _("Taken back."), messages.SUCCESS)
            return redirect("admin:comments_decision_change", undoing.pk)
        words = _("There was nothing to take back: somebody has decided otherwise since.")
        self.message_user(request, words, messages.WARNING)
        return redirect("admin:comments_decision_change", pk)
