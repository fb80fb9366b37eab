"""The tools of a grid: each proposes targets, which stand in the grid as if typed and are saved with the rest."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from kpis.kpi import Kpi
from kpis.periods import Period
from kpis.results import compute_one, read_parts
from targets.admin.grid_page import Sheet
from targets.admin.tool_forms import FORMS
from targets.changes import NOTHING
from targets.copying import copy_results, copy_target
from targets.distribution import share_out
from targets.errors import PlanError
from targets.filling import fill_down
from targets.grids import Grid, Stored
from targets.histories import read_history
from targets.models import Target
from targets.numbers import find_step, make_writer, read_decimal
from targets.suggestions import LAST, suggest

# By member, KPI and field.
Proposals = dict[tuple[int, str, str], Any]


def run_tool(name: str, grid: Grid, sheet: Sheet, data: Any, *, today: date, form: str) -> int:
    """Put a tool's proposals into the grid beside what was typed. Returns how many are new. Raises: PlanError."""
    asked = FORMS[name](data, grid=grid, form=form)
    if not asked.is_valid():
        raise PlanError(asked.tell_errors())
    proposals = TOOLS[name](grid, sheet, asked.cleaned_data, today)
    writer, kept = make_writer(), sheet.changes.kept
    fresh = {key: value for key, value in proposals.items() if value != read_stored(grid, key)}
    for key, value in fresh.items():
        kept[key] = writer.write_plain(value) if value is not None else ""
        sheet.changes.errors.pop(key, None)
    for key in proposals.keys() - fresh.keys():
        kept.pop(key, None)
    return len(fresh)


def read_stored(grid: Grid, key: tuple[int, str, str]) -> Any:
    """Read what is stored of a field."""
    return getattr(grid.targets.get(key[:2], NOTHING), key[2])


def propose_copies(grid: Grid, sheet: Sheet, asked: Mapping[str, Any], today: date) -> Proposals:
    """Propose what another period has. Raises: PlanError when it has nothing for these people."""
    percent, period = asked["percent"] or Decimal(0), asked["period"]
    read = copy_past_targets if asked["what"] == "targets" else copy_past_results
    found = read(grid, period, percent, today)
    if not found:
        raise PlanError(_("The period %(period)s has nothing of these people to copy.") % {"period": period})
    return found


def copy_past_targets(grid: Grid, period: Period, percent: Decimal, today: date) -> Proposals:
    """Copy the targets that the plan's people have in another period, with what stands beside them."""
    members = {row.employee: row.member for row in grid.rows}
    old = Target.objects.filter(member__employee__in=members, member__period_key=period.key)
    rows = old.values_list("member__employee_id", "kpi", *Stored._fields)
    return {
        (members[row[0]], row[1], field): value
        for row in rows
        for field, value in copy_target(Stored(*row[2:]), row[1], percent=percent).items()
    }


def copy_past_results(grid: Grid, period: Period, percent: Decimal, today: date) -> Proposals:
    """Make targets of what the plan's people reached in another period."""
    people = [row.employee for row in grid.rows]
    choice = grid.choice
    [sums] = read_parts(grid.plan.portal, [period], choice, employees=people, today=today)
    return {
        (row.member, key, "value"): value
        for row in grid.rows
        for key, value in copy_results(
            {kpi.key: compute_one(kpi, row.employee, sums[row.employee], choice).value for kpi in choice.kpis},
            percent=percent,
        ).items()
    }


def propose_shares(grid: Grid, sheet: Sheet, asked: Mapping[str, Any], today: date) -> Proposals:
    """Propose each employee's part of a total; a part of nothing is no target. Raises: PlanError."""
    kpi = next(each for each in grid.kpis if each.key == asked["kpi"])
    total = read_decimal(asked["total"], point=get_format("DECIMAL_SEPARATOR"))
    if total is None or total <= 0:
        raise PlanError(_("Write the team's total, greater than zero."))
    parts = share_out(total, weigh_people(grid, kpi, asked["way"], today), step=find_step(kpi.unit))
    return {(row.member, kpi.key, "value"): part or None for row, part in zip(grid.rows, parts, strict=True)}


def weigh_people(grid: Grid, kpi: Kpi, way: str, today: date) -> list[Decimal]:
    """Weigh the plan's people for a total, in the order of the rows."""
    if way == "equal":
        return [Decimal(1)] * len(grid.rows)
    if way == "targets":
        return [grid.targets.get((row.member, kpi.key), NOTHING).value or Decimal(0) for row in grid.rows]
    people = [row.employee for row in grid.rows]
    past = read_history(grid.plan, replace(grid.choice, kpis=(kpi,)), employees=people, today=today, count=LAST)
    return [sum((Decimal(each.value or 0) for each in past.results[who][kpi.key]), Decimal(0)) for who in people]


def propose_suggestions(grid: Grid, sheet: Sheet, asked: Mapping[str, Any], today: date) -> Proposals:
    """Propose what the past suggests, in empty cells or in all."""
    people = [row.employee for row in grid.rows]
    # One more than is looked at: the last one may be running.
    past = read_history(grid.plan, grid.choice, employees=people, today=today, count=LAST + 1)
    found: Proposals = {}
    for row in grid.rows:
        for kpi in grid.kpis:
            key = (row.member, kpi.key, "value")
            values = [result.value for result in past.results[row.employee][kpi.key][: past.over]]
            proposed = getattr(suggest(kpi, values), asked["way"])
            is_empty = key not in sheet.changes.kept and read_stored(grid, key) is None
            if proposed is not None and (is_empty or asked["cells"] == "all"):
                found[key] = proposed
    return found


def propose_filling(grid: Grid, sheet: Sheet, asked: Mapping[str, Any], today: date) -> Proposals:
    """Propose for each empty cell of the shown field what stands above it."""
    point, field = get_format("DECIMAL_SEPARATOR"), sheet.view.layer
    found: Proposals = {}
    for kpi in grid.kpis:
        keys = [(row.member, kpi.key, field) for row in grid.rows]
        kept = sheet.changes.kept
        column = [read_decimal(kept[key], point=point) if key in kept else read_stored(grid, key) for key in keys]
        filled = fill_down([value or None for value in column])
        found |= {key: value for key, old, value in zip(keys, column, filled, strict=True) if not old and value}
    return found


Tool = Callable[[Grid, Sheet, Mapping[str, Any], date], Proposals]
TOOLS: dict[str, Tool] = {
    "copy": propose_copies,
    "share": propose_shares,
    "suggest": propose_suggestions,
    "fill": propose_filling,
}
