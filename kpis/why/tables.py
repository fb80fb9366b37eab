"""Why revenue changed as a table for the terminal: a row per source, a column per cause, all sources last."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from crmsync.models import Employee, Portal
from kpis.render.formats import format_completeness, format_number
from kpis.why.changes import LEADS, REVENUE, WON, Change
from kpis.why.decompose import Flow, Parts
from kpis.why.texts import CAUSE_NAMES, round_parts, sum_up, write_signed


def build_table(portal: Portal, change: Change, *, employee: Employee | None) -> Table:
    """Build the table of sources, in whole units of money; each row adds up to its change."""
    whose = f"{employee or _('Whole team')}: {change.earlier} → {change.period}, {portal.base_currency}"
    caption = format_completeness(change.complete_through, portal.zone)
    # People write brackets, which would be read as colours.
    table = Table(title=escape(whose), caption=caption, title_justify="left", caption_justify="left")
    table.add_column(capfirst(_("source")))
    names = [str(measure.name) for measure in (LEADS, WON, REVENUE)]
    for heading in (*names, _("Change of revenue"), *(capfirst(str(name)) for name in CAUSE_NAMES.values())):
        table.add_column(heading, justify="right")
    for source in change.sources:
        table.add_row(escape(source.name), *write_cells(source.before, source.after, source.parts))
    table.add_section()
    table.add_row(_("All sources"), *write_cells(change.before, change.after, change.parts))
    return table


def write_cells(before: Flow, after: Flow, parts: Parts) -> list[str]:
    """Write what was and what is, the change, and what each cause did."""
    pairs = ((before.leads, after.leads), (before.won, after.won), (before.revenue, after.revenue))
    rounded = round_parts(before, after, parts)
    return [
        *(f"{format_number(was)} → {format_number(now)}" for was, now in pairs),
        *map(write_signed, (sum_up(rounded), *rounded)),
    ]
