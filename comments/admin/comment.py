"""The list of comments, which opens on what is waiting, and one comment with its verbs."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import User
from comments import editing, moderation, permissions
from comments.admin import verbs
from comments.admin.comment_form import CommentForm
from comments.admin.paging import Paginator
from comments.desk import acting, requests
from comments.desk.listing import Listing
from comments.desk.reading import Reading, token
from comments.models import Comment


class StatusFilter(admin.SimpleListFilter):
    """Opens on what is waiting."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return [*Comment.Status.choices, ("all", _("All"))]

    def value(self) -> str:
        return super().value() or Comment.Status.PENDING

    def choices(self, changelist):
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({"status": value}),
                "display": title,
            }

    def queryset(self, request, queryset):
        known = self.value() in Comment.Status.values
        return queryset.filter(status=self.value()) if known else queryset


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    form = CommentForm
    list_display = ["text", "who", "where", "number", "why", "thread"]
    list_display_links = ["text"]
    list_filter = [StatusFilter]
    list_select_related = ["post"]
    list_per_page = 50
    search_fields = ["name", "email", "body", "url", "=address"]
    search_help_text = _("Words, a name, an address")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = Paginator
    ordering = ["-created_at", "-pk"]
    actions_on_bottom = True
    when_empty = _(
        "The list opens on the comments that wait: those that the rules have held, and those that "
        "a moderator has. The filter leads to the others."
    )
    fields = [
        "status",
        "where",
        "answers",
        "name",
        "email",
        "url",
        "body",
        "because",
        "seen",
        "shown",
        "why",
        "sender",
    ]
    readonly_fields = ["status", "where", "answers", "shown", "why", "sender"]

    @admin.display(description=_("comment"))
    def text(self, comment: Comment) -> str:
        return Truncator(comment.body).chars(240)

    @admin.display(description=_("author"), ordering="name")
    def who(self, comment: Comment) -> SafeString:
        when = date_format(timezone.localtime(comment.created_at), "DATETIME_FORMAT")
        rows = [comment.name, comment.email, comment.address or "", when]
        return format_html_join("", '<p dir="auto">{}</p>', ((row,) for row in rows if row))

    @admin.display(description=_("post"))
    def where(self, comment: Comment) -> SafeString:
        return format_html('<a href="{}">{}</a>', comment.post.get_absolute_url(), comment.post)

    @admin.display(description=_("number"), ordering="path")
    def number(self, comment: Comment) -> str:
        if not comment.number or not comment.is_published:
            return comment.number
        return format_html('<a href="{}">{}</a>', comment.get_absolute_url(), comment.number)

    @admin.display(description=_("reasons"))
    def why(self, comment: Comment) -> SafeString:
        rows = ((reason["words"], f"{reason['weight']:+g}") for reason in comment.reasons)
        return format_html_join("", "<p>{} ({})</p>", rows)

    @admin.display(description=_("thread"))
    def thread(self, comment: Comment) -> SafeString:
        url = reverse("admin:comments_comment_thread", args=[comment.pk])
        return format_html('<a href="{}">{}</a>', url, _("Thread"))

    @admin.display(description=_("in reply to"))
    def answers(self, comment: Comment) -> str:
        parent = comment.parent
        return f"{parent.number} {parent.name}: {parent.quotation}" if parent else ""

    @admin.display(description=_("as readers see it"))
    def shown(self, comment: Comment) -> SafeString:
        return mark_safe(comment.html)  # noqa: S308  made safe by comments.markup on the way in

    @admin.display(description=_("sent from"))
    def sender(self, comment: Comment) -> str:
        return f"{comment.address or '–'} {comment.user_agent}"

    def view_on_site(self, comment: Comment) -> str | None:
        return comment.get_absolute_url() if comment.is_published else None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return Comment.objects.for_moderator(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or permissions.can_moderate(request.user, obj.post))

    def get_actions(self, request: HttpRequest) -> dict:
        """The verbs. A comment is removed, never deleted: its number stays taken."""
        return verbs.actions() if self.has_change_permission(request) else {}

    def action_checkbox(self, comment: Comment) -> SafeString:
        """The box, and beside it the comment as whoever ticks it has seen it."""
        seen = format_html('<input type="hidden" name="c" value="{}">', token(comment))
        return super().action_checkbox(comment) + seen

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        read = {"upto": requests.latest(), "decided": requests.last_decision()}
        return super().changelist_view(request, (extra_context or {}) | read)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context=None):
        raise PermissionDenied

    def get_urls(self) -> list:
        thread = self.admin_site.admin_view(self.thread_view)
        return [
            path("<int:pk>/thread/", thread, name="comments_comment_thread"),
            *super().get_urls(),
        ]

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        """All that was decided about it stands below its form."""
        url = reverse("admin:comments_comment_change", args=[unquote(object_id)])
        return redirect(f"{url}#past")

    def thread_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A comment between those it answers and those that answer it."""
        comment = get_object_or_404(self.get_queryset(request).select_related("post"), pk=pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Thread"),
            "opts": self.opts,
            "comment": comment,
            "above": comment.above(),
            "below": comment.answers.order_by("path", "created_at")[:50],
        }
        return TemplateResponse(request, "admin/comments/comment/thread.html", context)

    def changeform_view(self, request: HttpRequest, object_id=None, *args, **kwargs):
        """The form; of two who save it at once, the second sees what the first has saved."""
        with transaction.atomic():
            if request.method == "POST" and object_id:
                comment = self.get_object(request, unquote(object_id))
                moderation.lock([comment.post_id] if comment else [])
            return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request, context, *args, obj=None, **kwargs) -> HttpResponse:
        reading = Reading(obj, request.blog, request.user)
        offered = {verb: acting.VERBS[verb] for verb in reading.verbs}
        context |= {"verbs": offered, "reading": reading, "show_delete": False}
        context["title"] = gettext("Edit the comment by %(name)s") % {"name": obj.name}
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request: HttpRequest, obj: Comment, form, change: bool) -> None:
        if set(editing.WORDS) & set(form.changed_data):
            why = form.cleaned_data["because"]
            decision = editing.save(obj, by=cast(User, request.user), why=why)
            requests.tell(request, acting.Outcome(decision, []))
        elif "_verb" not in request.POST:
            self.message_user(request, _("Nothing was changed."), messages.INFO)

    def response_change(self, request: HttpRequest, obj: Comment) -> HttpResponse:
        """Back to the desk, open on this comment."""
        this = self.get_queryset(request).filter(pk=obj.pk)
        if (verb := request.POST.get("_verb")) in acting.VERBS:
            seen = this.get().last_decision_id or 0  # by the form, whose lock is still held
            verbs.decide(self, request, {obj.pk: seen}, verb)
        if "back" in request.GET:
            return requests.see(requests.own(request.GET["back"]))
        return requests.back(Listing(state=this.get().status), c=str(obj.pk))
