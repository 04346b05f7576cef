"""A filter by one of a field's choices, and by nothing else."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest


class ChoiceFilter(admin.ChoicesFieldListFilter):
    """Django's own finds nothing for what is no choice; this says that the address is wrong."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        known = {str(value) for value, _label in self.field.flatchoices}
        if not set(self.lookup_val or []) <= known:
            raise IncorrectLookupParameters
        return super().queryset(request, queryset)
