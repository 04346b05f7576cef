"""The log of decisions: read by all who may, changed by nobody, taken back from here."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comments import differences, editing, export, moderation, permissions
from comments.admin.log_filters import BetweenFilter, WhoFilter
from comments.admin.paging import Paginator
from comments.desk import acting
from comments.desk.listing import Listing
from comments.models import Change, Comment, Decision, Revision

SHOWN = 100  # comments of a decision on its page


def at_the_desk(comment: Comment, **filters: str) -> str:
    """The address of the desk with this comment open."""
    listing = Listing(state=comment.status, **filters)  # type: ignore[arg-type]
    return reverse("admin:moderation") + listing.query(c=str(comment.pk))


class Log(ChangeList):
    """A page of the log that knows, from one query, which of its lines can be taken back."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        shown = Decision.objects.filter(pk__in=[decision.pk for decision in self.result_list])
        open_ones = set(shown.undoable().within_reach_of(request.user).values_list("pk", flat=True))
        for decision in self.result_list:
            decision.is_open = decision.pk in open_ones


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin):
    list_display = ["at", "verb", "taking_back", "who", "size", "why"]
    list_filter = ["verb", WhoFilter, BetweenFilter]
    list_select_related = ["by"]
    search_fields = ["why"]
    search_help_text = _("Words of the “why”")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = Paginator
    when_empty = _(
        "Every verdict, edit, block and undo becomes a line here, whoever gave it and whether for "
        "one comment or for many. Nobody can change a line; most can be taken back for 30 days."
    )
    fields = readonly_fields = ("at", "verb", "who", "why", "undoes", "undone", "what", "edited")

    @admin.display(description=_("who"))
    def who(self, decision: Decision) -> str:
        return str(decision.by or _("the blog’s rules"))

    @admin.display(description=_("undo"), empty_value="")
    def taking_back(self, decision) -> SafeString | str:
        """That it was taken back, or the button that does it."""
        if decision.is_undone:
            return gettext("Undone")
        return acting.undo_of_line(decision) if decision.is_open else ""

    @admin.display(description=_("undone"))
    def undone(self, decision: Decision) -> SafeString | str:
        undoing = Decision.objects.filter(undoes=decision).first()
        if not undoing:
            return gettext("No")
        url = reverse("admin:comments_decision_change", args=[undoing.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Yes: see by whom and when"))

    @admin.display(description=_("comments"))
    def what(self, decision: Decision) -> SafeString:
        changes = decision.changes.select_related("comment__post").order_by("pk")[:SHOWN]
        rows = format_html_join("", "<li>{}</li>", ((_line(change),) for change in changes))
        return format_html('<ul class="changes">{}</ul>{}', rows, _rest(decision))

    @admin.display(description=_("words"))
    def edited(self, decision: Decision) -> SafeString | str:
        found = Revision.objects.filter(change__decision=decision)
        revision = found.select_related("change__comment").first()
        return _difference(revision) if revision else ""

    def get_fields(self, request: HttpRequest, obj: Decision | None = None) -> list[str]:
        is_edit = obj and editing.is_edit(obj)
        return [name for name in self.fields if name != "edited" or is_edit]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        undoing = Decision.objects.filter(undoes=OuterRef("pk"))
        decisions = super().get_queryset(request).annotate(is_undone=Exists(undoing))
        if request.user.has_perm(permissions.ALL):
            return decisions
        return decisions.filter(by=request.user)

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return Log

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        return False

    def get_urls(self) -> list:
        csv = self.admin_site.admin_view(require_safe(self.export_view))
        return [path("export/", csv, name="comments_decision_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """The log as it is filtered, as CSV, written while it is sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            decisions = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters as error:
            raise BadRequest from error
        name = f"moderation-log-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            export.log(decisions),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def change_view(self, request: HttpRequest, object_id: str, *args, **kwargs) -> HttpResponse:
        decision = self.get_object(request, unquote(object_id))
        more = {"undo_until": _undo_until(decision) if decision else None}
        return super().change_view(request, object_id, extra_context=more)


def _undo_until(decision: Decision):
    """Until when it can be taken back; None where it cannot, or is not finished."""
    is_open = not decision.scope and moderation.is_undoable(decision)
    return decision.at + moderation.UNDO_FOR if is_open else None


def _line(change: Change) -> SafeString:
    """One comment: a link to it at the desk, and what changed."""
    moved = f"{change.get_before_display()} → {change.get_after_display()}"
    if not change.comment:
        return format_html("{}: {}", gettext("A comment that was deleted since"), moved)
    return format_html(
        '<a href="{}">{} <bdi>{}</bdi></a> – <bdi>{}</bdi>: {}',
        at_the_desk(change.comment),
        change.comment.number,
        change.comment.name,
        change.comment.post,
        moved,
    )


def _rest(decision: Decision) -> SafeString | str:
    more = (decision.size or 0) - SHOWN
    if more <= 0:
        return ""
    words = ngettext(
        "And %(count)d more; the CSV has all of them.",
        "And %(count)d more; the CSV has all of them.",
        more,
    )
    return format_html("<p>{}</p>", words % {"count": more})


def _difference(revision: Revision) -> SafeString:
    """What an edit made of each part of a comment, with the old words in full below."""
    after = editing.after(revision)
    parts = [
        (label_for_field(name, Comment), getattr(revision, name), getattr(after, name))
        for name in editing.WORDS
        if after and getattr(revision, name) != getattr(after, name)
    ]
    rows = ((label, differences.marked(old, new)) for label, old, new in parts)
    return format_html(
        '{}<details><summary>{}</summary><div class="words" dir="auto">{}</div></details>',
        format_html_join("", '<p>{}:</p><div class="words" dir="auto">{}</div>', rows),
        gettext("The words before"),
        revision.body,
    )
