"""What was mailed to moderators, and what could not be: read by all who may, changed by nobody."""

from datetime import datetime

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import notices
from comments.models import Notice


class StateFilter(admin.SimpleListFilter):
    """Opens on what is not sent."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("Not sent yet")), ("stuck", _("Failed")), ("sent", _("Sent"))]

    def value(self) -> str:
        return super().value() or "open"

    def choices(self, changelist):
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({"state": value}),
                "display": title,
            }

    def queryset(self, request, queryset):
        if self.value() == "sent":
            return queryset.exclude(sent_at=None)
        unsent = queryset.filter(sent_at=None)
        return unsent.filter(attempts__gt=0) if self.value() == "stuck" else unsent


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    list_display = ["recipient", "about", "due_at", "sent_at", "attempts", "error", "next_attempt"]
    list_filter = [StateFilter]
    list_select_related = ["recipient"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["send_again"]
    when_empty = _(
        "A mail to a moderator stands here from when a comment is held until it is sent, and what "
        "the mail server said if it did not take it. Who gets which is each moderator’s own "
        "choice, under “Notices and keys”."
    )
    fields = readonly_fields = (
        "recipient",
        "made_at",
        "due_at",
        "sent_at",
        "attempts",
        "error",
        "next_attempt",
        "is_digest",
    )

    @admin.display(description=_("comments"))
    def about(self, notice) -> int:
        return notice.size

    @admin.display(description=_("next attempt"))
    def next_attempt(self, notice: Notice) -> datetime | None:
        return notices.next_attempt(notice)

    @admin.action(description=_("Send again now"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        unsent = list(queryset.filter(sent_at=None))
        for notice in unsent:
            notices.send_again(notice)
        words = ngettext(
            "%(count)d notice is tried again now.",
            "%(count)d notices are tried again now.",
            len(unsent),
        )
        self.message_user(request, words % {"count": len(unsent)}, messages.SUCCESS)

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """What is stuck first; of what is sent the newest."""
        return ["-pk"] if request.GET.get("state") == "sent" else ["-attempts", "due_at", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        return super().get_queryset(request).annotate(size=Count("items"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False
