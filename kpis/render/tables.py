"""KPI frames as text tables for the command line: for each part employees down, KPIs across, the team last."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from crmsync.models import Employee, Portal
from kpis.catalog import BY_KEY, list_streams
from kpis.completeness import complete_through
from kpis.periods import Period
from kpis.render.formats import format_completeness, format_heading, format_period, format_value

# As many KPIs as fit a terminal's width.
ACROSS = 6


def build_tables(portal: Portal, parts: Iterable[Period], frame: pd.DataFrame) -> list[Table]:
    """Build a table for each part of an evaluated frame, employees by name."""
    people = {person.pk: str(person) for person in Employee.objects.filter(portal=portal)}
    keys = list(frame["kpi"].unique()) or list(BY_KEY)
    through = complete_through(portal, {stream for key in keys for stream in list_streams(BY_KEY[key])})
    by_part = dict(list(frame.groupby("period", sort=False)))
    tables = []
    for part in parts:
        rows = by_part.get(part.key, frame)
        for chosen in (keys[start : start + ACROSS] for start in range(0, len(keys), ACROSS)):
            headings = [format_heading(BY_KEY[key], currency=portal.base_currency) for key in chosen]
            table = start_table(format_period(part), format_completeness(through, portal.zone), headings)
            fill_table(table, rows[rows["kpi"].isin(chosen)], people)
            tables.append(table)
    return tables


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
