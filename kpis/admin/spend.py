"""The admin of costs of marketing and sales: the list by day with its sums by month, entries by hand, imports."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crmsync.admin import columns
from crmsync.admin.filters import PeriodFilter, SourceFilter
from crmsync.admin.formats import format_money
from crmsync.admin.references import NOTHING
from crmsync.admin.scope import PortalFilter, find_scope, list_portals, render_in_zone
from kpis.admin.spend_months import list_months
from kpis.admin.spend_pages import SpendPages
from kpis.models import MarketingSpend
from kpis.spend.sources import SourceBook


class DayFilter(PeriodFilter):
    title = _("day")
    parameter_name = "period"
    column = "day"


class WorthFilter(admin.SimpleListFilter):
    """Shows the costs that no sum holds."""

    title = _("data quality")
    parameter_name = "worth"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("unknown", _("no rate of the currency is known"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(amount_base=None) if self.value() == "unknown" else queryset


class SpendList(ChangeList):
    """One portal's costs with the names of their sources, and the sums of all that the filters leave."""

    months: list[dict[str, Any]]

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet:
        return super().get_queryset(request, *args, **kwargs).filter(portal=find_scope(request))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        portal = find_scope(request)
        if portal is None:
            return
        book = SourceBook(portal)
        self.result_list = list(self.result_list)
        for row in self.result_list:
            row.source_name = book.name(row.source_external_id)
        self.months = list_months(self.queryset, currency=portal.base_currency)


@admin.register(MarketingSpend)
class SpendAdmin(SpendPages):
    change_list_template = "admin/kpis/marketingspend/change_list.html"
    list_display = ("shown_day", "source", "campaign", "kind", "shown_amount", "worth", "remark")
    list_filter = (DayFilter, SourceFilter, "kind", WorthFilter)
    date_hierarchy = "day"
    ordering = ("-day", "source_external_id", "campaign", "kind")
    search_fields = ("campaign", "note")
    search_help_text = _("By campaign or remark.")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = NOTHING
    shown_day = columns.day("day", _("day"))

    @admin.display(description=_("source"), ordering="source_external_id")
    def source(self, row: Any) -> str:
        return row.source_name or NOTHING

    @admin.display(description=_("amount"), ordering="amount")
    def shown_amount(self, row: MarketingSpend) -> str:
        return columns.keep_together(format_money(row.amount, row.currency))

    @admin.display(description=_("in base currency"), ordering="amount_base")
    def worth(self, row: Any) -> str:
        return columns.keep_together(format_money(row.amount_base, ""))

    @admin.display(description=_("remark"))
    def remark(self, row: MarketingSpend) -> str:
        return row.note or NOTHING

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SpendList

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        own = list(super().get_list_filter(request))
        return [PortalFilter, *own] if list_portals(request).count() > 1 else own

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        view = super().changelist_view
        context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "has_import_permission": self.has_import_permission(request),
            **(extra_context or {}),
        }
        return render_in_zone(find_scope(request), lambda: view(request, context))
