"""Pages of a list that may hold a million rows."""

from typing import cast

from django.core import paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from comments.desk import counts


class Paginator(paginator.Paginator):
    """Counts, and leads, no further than anybody reads."""

    @cached_property
    def count(self) -> int:
        return min(counts.capped(cast(QuerySet, self.object_list)), counts.MOST)
