"""Broken-down KPIs for the terminal and for JSON."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.markup import escape
from rich.table import Table

from crmsync.models import Portal
from kpis.breakdown import Slice
from kpis.catalog import list_streams
from kpis.completeness import complete_through
from kpis.kpi import Dimension
from kpis.periods import Period
from kpis.render.formats import format_completeness, format_heading, format_period, format_value
from kpis.render.numbers import to_json

HEADINGS = {
    "source": gettext_lazy("source"),
    "campaign": gettext_lazy("campaign"),
    "pipeline": gettext_lazy("pipeline"),
}


def build_table(portal: Portal, period: Period, dimensions: Sequence[Dimension], slices: Sequence[Slice]) -> Table:
    """Build a table: slices down, KPIs across."""
    kpis = list({each.kpi.key: each.kpi for each in slices}.values())
    through = complete_through(portal, {stream for kpi in kpis for stream in list_streams(kpi)})
    table = Table(title=format_period(period), caption=format_completeness(through, portal.zone), title_justify="left")
    table.caption_justify = "left"
    for dimension in dimensions:
        table.add_column(str(HEADINGS[dimension]))
    for kpi in kpis:
        table.add_column(format_heading(kpi, currency=portal.base_currency), justify="right")
    lines: dict[Any, list[str]] = {}
    for each in slices:
        # Campaigns are named by people, and brackets would be read as colours.
        line = lines.setdefault(each.key, [escape(name) for name in each.names])
        line.append(format_value(each.result.value, each.kpi.unit))
    for line in lines.values():
        table.add_row(*line)
    if not lines:
        table.add_row(*[_("nothing was counted")][: len(dimensions)])
    return table


def list_slices(period: Period, dimensions: Sequence[Dimension], slices: Sequence[Slice]) -> list[dict[str, Any]]:
    """List slices as JSON knows them. Shape: by dimension the CRM's id and the name, then the KPI's numbers."""
    return [
        {
            "period": period.key,
            "kpi": each.kpi.key,
            "version": each.kpi.version,
            **dict(zip(dimensions, each.key, strict=True)),
            "names": dict(zip(dimensions, each.names, strict=True)),
            "value": to_json(each.result.value),
            "numerator": to_json(each.result.numerator),
            "denominator": to_json(each.result.denominator),
            "records": to_json(each.records),
        }
        for each in slices
    ]
