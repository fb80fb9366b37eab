"""Lists that stay quick at millions of rows: a bounded count, orders that an index serves, names in bulk."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from crmsync.admin.filters import PeriodFilter
from crmsync.admin.scope import find_scope

COUNTED = 10_000


class BoundedPaginator(Paginator):
    """Counts as far as COUNTED rows; whoever looks for an older record narrows the list by a filter."""

    object_list: QuerySet

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[:COUNTED].count()

    @property
    def is_cut(self) -> bool:
        """Tell whether there may be more rows than were counted."""
        return self.count >= COUNTED


class MirrorChangeList(ChangeList):
    """A page of mirrored rows with the names of what they refer to."""

    model_admin: Any
    paginator: BoundedPaginator

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        return super().get_queryset(request, *args, **kwargs).filter(portal=find_scope(request))

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        # Django follows ?o= even for columns that the list does not offer for sorting.
        if not self.sortable_by:
            self.params.pop("o", None)
        day = next((spec.column for spec in self.filter_specs if isinstance(spec, PeriodFilter) and spec.is_chosen), "")
        if day:
            # The index that finds the period also gives its order; any other would sort the whole period.
            return ["-portal_id", f"-{day}", "-external_id"]
        return list(super().get_ordering(request, queryset))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.query or self.paginator.is_cut:
            # Below the list stands how many there are; the search form would repeat it, and never say "or more".
            self.full_result_count = self.result_count
        self.result_list = list(self.result_list)
        self.model_admin.refer(self.result_list, shown=self.list_display)
