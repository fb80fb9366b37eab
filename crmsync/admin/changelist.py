"""Lists that stay quick at millions of rows: a bounded count, orders that an index serves, names in bulk."""

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

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

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        # Django follows ?o= even for columns that the list does not offer for sorting.
        if not self.sortable_by:
            self.params.pop("o", None)
        return list(super().get_ordering(request, queryset))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        self.model_admin.refer(self.result_list, shown=self.list_display)
