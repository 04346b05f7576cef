"""The lists of moderators: words, names, addresses, networks and domains, added many at a time."""

from http import HTTPStatus
from typing import cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from comments import effects
from comments.admin.paging import Paginator
from comments.admin.rule_forms import RuleForm, RulesForm
from comments.models import Rule

TOLD = 5  # doubles that are named


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):
    list_display = ["text", "kind", "outcome", "why", "by", "at"]
    list_filter = ["kind", "outcome"]
    list_select_related = ["by"]
    search_fields = ["text", "why"]
    search_help_text = _("What is listed, or why")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = Paginator
    when_empty = _lazy(
        "Words, names, addresses, networks and domains stand here that hold a comment or make it "
        "spam. Add some, or block a sender from a comment at the desk, which makes an entry too."
    )

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url="", extra_context=None
    ) -> HttpResponse:
        """Adds many, or changes one; “Try it” shows what would be caught and keeps nothing."""
        rule = self._asked(request, object_id)
        data = request.POST if request.method == "POST" else None
        form = RuleForm(data, instance=rule) if rule else RulesForm(data)
        if not form.is_valid():
            status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
            return self._page(request, form, rule, status=status)
        if "_try" in request.POST:
            return self._page(request, form, rule, effects=effects.of(form.entries))
        if isinstance(form, RuleForm):
            self._change(request, form)
        else:
            self._add(request, form)
        return redirect("admin:comments_rule_changelist")

    def _asked(self, request: HttpRequest, object_id: str | None) -> Rule | None:
        """The rule that is to be changed; None where new ones are to be added."""
        rule = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id and not rule:
            raise Http404
        if not (self.has_change_permission(request) if rule else self.has_add_permission(request)):
            raise PermissionDenied
        return rule

    def _page(self, request: HttpRequest, form, rule, *, effects=None, status=200) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("Change an entry") if rule else _("Add entries"),
            "opts": self.opts,
            "adminform": AdminForm(form, [(None, {"fields": list(form.fields)})], {}),
            "original": rule and self.get_queryset(request).select_related("by").get(pk=rule.pk),
            "effects": effects,
            "entries": form.entries if effects else [],
            "has_delete_permission": self.has_delete_permission(request),
        }
        template = "admin/comments/rule/change_form.html"
        return TemplateResponse(request, template, context, status=status)

    @transaction.atomic
    def _change(self, request: HttpRequest, form: RuleForm) -> None:
        rule = form.save()
        self.log_change(
            request, rule, self.construct_change_message(request, cast(Form, form), None)
        )
        words = _("From now on: %(rule)s, %(then)s.")
        words %= {"rule": rule, "then": str(rule.get_outcome_display()).lower()}
        self.message_user(request, words, messages.SUCCESS)

    @transaction.atomic
    def _add(self, request: HttpRequest, form: RulesForm) -> None:
        said = {name: form.cleaned_data[name] for name in ("outcome", "why")}
        new = [Rule(kind=e.kind, text=e.text, by=request.user, **said) for e in form.entries]
        Rule.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
        LogEntry.objects.log_actions(request.user.pk, _stored(new), ADDITION)
        words = ngettext("%(count)d entry was added.", "%(count)d entries were added.", len(new))
        level = messages.SUCCESS if new else messages.WARNING
        self.message_user(request, words % {"count": len(new)}, level)
        if form.doubles:
            self.message_user(request, _of_doubles(form.doubles), messages.INFO)


def _stored(new: list[Rule]) -> QuerySet[Rule] | list[Rule]:
    """The rules as the database has them, with their keys."""
    found: list[Rule] = []
    for start in range(0, len(new), 500):
        texts = [rule.text for rule in new[start : start + 500]]
        found += Rule.objects.filter(text__in=texts, kind__in={rule.kind for rule in new})
    return found


def _of_doubles(doubles: list) -> str:
    words = ngettext(
        "%(count)d was on the list already, or stood there twice, and was left out: %(texts)s",
        "%(count)d were on the list already, or stood there twice, and were left out: %(texts)s",
        len(doubles),
    )
    texts = ", ".join(f"“{entry.text}”" for entry in doubles[:TOLD])
    dots = " …" if len(doubles) > TOLD else ""
    return words % {"count": len(doubles), "texts": texts + dots}
