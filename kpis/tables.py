"""KPI frames as text tables for the command line: one table a part, employees down, KPIs across, the team last."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from crmsync.models import Employee, Portal
from kpis.catalog import BY_KEY
from kpis.completeness import complete_through
from kpis.formats import format_completeness, format_heading, format_period, format_value
from kpis.periods import Period


def build_tables(portal: Portal, parts: Iterable[Period], frame: pd.DataFrame) -> list[Table]:
    """Build a table for each part of an evaluated frame, employees by name."""
    people = {person.pk: str(person) for person in Employee.objects.filter(portal=portal)}
    keys = list(frame["kpi"].unique()) or list(BY_KEY)
    caption = format_completeness(complete_through(portal, list_streams(keys)), portal.zone)
    by_part = dict(list(frame.groupby("period", sort=False)))
    tables = []
    for part in parts:
        table = start_table(
            format_period(part), caption, [format_heading(BY_KEY[key], currency=portal.base_currency) for key in keys]
        )
        fill_table(table, by_part.get(part.key, frame), people)
        tables.append(table)
    return tables


def list_streams(keys: Iterable[str]) -> set[str]:
    """List the streams that any of the KPIs waits for."""
    return {stream for key in keys for stream in BY_KEY[key].streams}


def start_table(title: str, caption: str, headings: Iterable[str]) -> Table:
    """Build an empty table with numbers to the right."""
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    table.add_column(_("Manager"))
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def fill_table(table: Table, rows: pd.DataFrame, people: dict[int, str]) -> None:
    """Add a row per employee by name, then the team's behind a rule."""
    lines: dict[Any, list[str]] = {}
    for row in rows.itertuples(index=False):
        lines.setdefault(row.employee, []).append(format_value(row.value, BY_KEY[row.kpi].unit))
    team = lines.pop(None, None)
    for employee, cells in sorted(lines.items(), key=lambda line: people[line[0]].casefold()):
        # People write brackets, which would be read as colours.
        table.add_row(escape(people[employee]), *cells)
    if team:
        table.add_section()
        table.add_row(_("Whole team"), *team)
