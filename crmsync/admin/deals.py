"""The admin of deals and their product lines: the outcome as we fixed it, and the signals that it raises."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from crmsync.admin import columns
from crmsync.admin.crm import SoldAdmin
from crmsync.admin.deal_history import read_history
from crmsync.admin.filters import ClosedFilter, CreatedFilter, DataQualityFilter, PipelineFilter, SourceFilter
from crmsync.admin.formats import format_decimal, format_duration, format_money
from crmsync.admin.readonly import MirrorAdmin
from crmsync.admin.references import NOTHING
from crmsync.models import Deal, DealProduct, Entity, Lead, Pipeline
from crmsync.selectors import find_signals


@admin.register(Deal)
class DealAdmin(SoldAdmin):
    entity = Entity.DEAL
    change_form_template = "admin/crmsync/deal/change_form.html"
    list_display = (
        "external_id",
        "title",
        "place",
        "money",
        "responsible",
        "closed",
        "credited_to",
        "created",
    )
    list_filter = (
        "semantics",
        ClosedFilter,
        CreatedFilter,
        PipelineFilter,
        SourceFilter,
        "closed_source",
        DataQualityFilter,
    )
    list_select_related = ("responsible", "credited_to")
    person_columns = ("responsible_id", "credited_to_id")
    search_help_text = _("By ID, or the name of the employee responsible or credited.")
    references = {
        **SoldAdmin.sold_references,
        "pipeline": (Pipeline, "pipeline_external_id"),
        "lead": (Lead, "lead_external_id"),
    }
    pipeline = columns.reference("pipeline", "pipeline_external_id", _("pipeline"))
    closed = columns.day("closed_on", _("outcome on"))
    lead = columns.reference("lead", "lead_external_id", _("lead"))
    computed_from = {**SoldAdmin.computed_from, "money": "amount"}
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "portal",
                    "external_id",
                    "title",
                    ("pipeline", "stage"),
                    ("semantics", "semantics_source"),
                    ("created_at", "created_on"),
                    ("modified_at", "moved_at"),
                    "is_recurring",
                )
            },
        ),
        (
            _("Outcome"),
            {
                "fields": (
                    ("closed_at", "closed_on"),
                    ("closed_source", "planned_close_on"),
                    ("credited_to", "responsible"),
                    ("money", "base_money"),
                    "cycle",
                    "signals",
                )
            },
        ),
        (
            _("Customer and origin"),
            {"fields": ("company", "contact", "lead", "source", ("utm_source", "utm_medium", "utm_campaign"))},
        ),
        (None, {"fields": ("copied_fields",)}),
    )

    def refer(self, rows: Sequence[Any], *, shown: Collection[str] | None = None) -> None:
        super().refer(rows, shown=shown and ("pipeline", *shown))

    @admin.display(description=_("stage"))
    def place(self, deal: Any) -> str:
        pipeline, stage = deal.found["pipeline"], deal.found["stage"] or deal.stage_external_id
        return f"{pipeline}: {stage}" if pipeline else str(stage)

    @admin.display(description=_("amount"))
    def money(self, deal: Deal) -> str:
        return format_money(deal.amount, deal.currency)

    @admin.display(description=_("amount in base currency"))
    def base_money(self, deal: Any) -> str:
        return format_money(deal.amount_base, deal.portal.base_currency)

    @admin.display(description=_("cycle"))
    def cycle(self, deal: Deal) -> str:
        return format_duration(None if deal.cycle_seconds is None else timedelta(seconds=deal.cycle_seconds))

    @admin.display(description=_("to look at"))
    def signals(self, deal: Deal) -> str:
        return "\n".join(str(signal.name) for signal in find_signals(deal)) or NOTHING

    def read_details(self, row: Deal) -> dict[str, Any]:
        return {**super().read_details(row), **read_history(row)}


@admin.register(DealProduct)
class DealProductAdmin(MirrorAdmin):
    list_display = ("external_id", "product_name", "deal", "shown_price", "shown_quantity")
    list_display_links = ("external_id", "product_name")
    fields = ("portal", "external_id", "deal", "product_external_id", "product_name", "shown_price", "shown_quantity")
    id_columns = ("external_id", "deal_external_id")
    search_help_text = _("By ID, or the deal's ID.")
    references = {"deal": (Deal, "deal_external_id")}
    computed_from = {"shown_price": "price", "shown_quantity": "quantity"}
    deal = columns.reference("deal", "deal_external_id", _("deal"))

    @admin.display(description=_("price"))
    def shown_price(self, line: DealProduct) -> str:
        return format_money(line.price, "")

    @admin.display(description=_("quantity"))
    def shown_quantity(self, line: DealProduct) -> str:
        return format_decimal(line.quantity)
