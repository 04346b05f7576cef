"""By whom and when: filters of the log that do not look through all of it."""

from datetime import date, datetime, time, timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import User
from comments import permissions
from comments.models import Decision

RULES = "rules"  # as who decided: nobody, but the blog's own rules


class WhoFilter(admin.SimpleListFilter):
    """Those who may decide. Not offered to somebody who sees but own decisions."""

    title = _("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        if not request.user.has_perm(permissions.ALL):
            return []
        staff = User.objects.filter(is_staff=True).order_by("name", "pk")
        names = [(str(user.pk), user.name) for user in staff]
        return [*names, (RULES, gettext("the blog’s rules"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        if self.value() == RULES:
            return queryset.filter(by=None)
        known = {value for value, _name in self.lookup_choices}
        return queryset.filter(by=int(self.value())) if self.value() in known else queryset


class BetweenFilter(admin.ListFilter):
    """Since one day and until another, both included."""

    title = _("when")
    template = "admin/comments/decision/between.html"

    def __init__(self, request: HttpRequest, params: dict, model, model_admin) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]

    @property
    def since(self) -> date | None:
        return _day(self.used_parameters.get("since", ""))

    @property
    def until(self) -> date | None:
        return _day(self.used_parameters.get("until", ""))

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str]:
        return ["since", "until"]

    def choices(self, changelist) -> list[dict]:
        """What else the address says, for the form to carry along."""
        said = changelist.filter_params.items()
        others = [(name, values) for name, values in said if name not in self.expected_parameters()]
        return [{"name": name, "value": values[-1]} for name, values in others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        if self.since:
            queryset = queryset.filter(at__gte=_midnight(self.since))
        if self.until:
            queryset = queryset.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        return queryset


def _day(said) -> date | None:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 1990 < day.year < 9990 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
