"""Readings as a table for the command line: a KPI a line, with its comparisons."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from crmsync.models import Portal
from kpis.compare import Reading, find_through
from kpis.periods import Period
from kpis.render.formats import format_completeness, format_heading, format_period, format_value
from kpis.render.reading_texts import write_change, write_norm, write_notes


def build_card(portal: Portal, period: Period, name: str, readings: Iterable[Reading]) -> Table:
    """Build the table of one employee or of the team."""
    told = list(readings)
    table = Table(
        title=f"{escape(name)}, {format_period(period)}", caption=format_completeness(find_through(told), portal.zone)
    )
    table.title_justify = table.caption_justify = "left"
    table.add_column("KPI")
    for heading in (_("value"), _("change"), _("change in a year"), _("norm")):
        table.add_column(heading, justify="right")
    table.add_column(_("beside"))
    for each in told:
        unit = each.kpi.unit
        changes = (write_change(each.previous, unit), write_change(each.year_before, unit))
        texts = (
            format_heading(each.kpi, currency=portal.base_currency),
            format_value(each.result.value, unit),
            *changes,
        )
        table.add_row(*map(escape, (*texts, write_norm(each.standing, unit), "; ".join(write_notes(each)))))
    return table
