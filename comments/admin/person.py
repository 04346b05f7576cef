"""Whoever writes: what became of all that they sent, whether they are trusted, and a note."""

from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.requests import StaffRequest
from comments import people
from comments.admin.decision import at_the_desk
from comments.admin.paging import Paginator
from comments.desk import counts
from comments.desk.listing import Listing
from comments.forms import Prose
from comments.models import Comment, Person

LATEST = 20  # comments on a person's page


class PersonForm(forms.ModelForm):
    note = Prose(
        label=_("Note"),
        max_length=people.LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "class": "vLargeTextField"}),
        help_text=_("For the other moderators; nobody else ever sees it."),
    )

    class Meta:
        model = Person
        fields = ["standing", "note"]


class People(ChangeList):
    """A page of people with what became of their comments, counted in one query."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        found = records(self.result_list)
        for person in self.result_list:
            person.record = found.get(person.pk, {})


def records(some: Iterable[Person]) -> dict[int, dict[str, int]]:
    """For each person, by key, how many comments there are of each status."""
    rows = Comment.objects.filter(person__in=[person.pk for person in some]).order_by()
    found: dict[int, dict[str, int]] = {}
    for pk, status, count in rows.values_list("person", "status").annotate(count=Count("pk")):
        found.setdefault(pk, {})[status] = count
    return found


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    form = PersonForm
    list_display = ["called", "email", "standing", "published", "waiting", "spam"]
    list_filter = ["standing"]
    search_fields = ["email", "name"]
    search_help_text = _("An email address or a name, or part of it")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = Paginator
    ordering = ["-pk"]
    actions = None
    when_empty = _(
        "Whoever comments with an email address stands here, with what became of their comments, "
        "your note on them, and whether they are always published."
    )
    fields = ["called", "email", "standing", "note", "first_seen", "sent", "latest"]
    readonly_fields = ["called", "email", "first_seen", "sent", "latest"]

    @admin.display(description=_("name"))
    def called(self, person: Person) -> SafeString:
        return format_html("<bdi>{}</bdi>", person.name or gettext("Anonymous"))

    @admin.display(description=_("published"))
    def published(self, person) -> str:
        return counts.words(person.record.get(Comment.Status.PUBLISHED, 0))

    @admin.display(description=_("waiting"))
    def waiting(self, person) -> str:
        return counts.words(person.record.get(Comment.Status.PENDING, 0))

    @admin.display(description=_("spam"))
    def spam(self, person) -> str:
        return counts.words(person.record.get(Comment.Status.SPAM, 0))

    @admin.display(description=_("first seen"))
    def first_seen(self, person: Person) -> str:
        first = person.comments.aggregate(first=Min("created_at"))["first"]
        return date_format(timezone.localtime(first), "DATETIME_FORMAT") if first else "–"

    @admin.display(description=_("what became of their comments"))
    def sent(self, person: Person) -> SafeString:
        found = records([person]).get(person.pk, {})
        rows = (
            (_all_of(person, status), label, counts.words(found[status]))
            for status, label in Comment.Status.choices
            if found.get(status)
        )
        return format_html_join("", '<p><a href="{}">{}: {}</a></p>', rows)

    @admin.display(description=_("latest comments"))
    def latest(self, person: Person) -> SafeString:
        comments = person.comments.select_related("post").order_by("-created_at", "-pk")[:LATEST]
        rows = ((_line(comment),) for comment in comments)
        return format_html('<ul class="changes">{}</ul>', format_html_join("", "<li>{}</li>", rows))

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return People

    def save_model(self, request: StaffRequest, obj: Person, form, change: bool) -> None:
        """Each change becomes a line of the log, and can be taken back from there."""
        if "standing" in form.changed_data:
            decide = people.trust if obj.standing else people.distrust
            decide(obj, by=request.user)
        if "note" in form.changed_data:
            people.keep_note(obj, obj.note, read=form.initial["note"], by=request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False


def _all_of(person: Person, status: str) -> str:
    return reverse("admin:moderation") + Listing(state=status, person=str(person.pk)).query()


def _line(comment: Comment) -> SafeString:
    when = date_format(timezone.localtime(comment.created_at), "DATETIME_FORMAT")
    return format_html(
        '<a href="{}">{}</a> {}, <bdi>{}</bdi>: <span dir="auto">{}</span>',
        at_the_desk(comment, person=str(comment.person_id)),
        when,
        comment.get_status_display(),
        comment.post,
        comment.quotation,
    )
