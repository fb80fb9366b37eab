"""What stands on the page of a plan: its grid with what is typed into it and not saved yet."""

from dataclasses import dataclass, field
from typing import Any

from targets.admin.cell_panel import find_spot
from targets.admin.grid_rows import describe_blocks
from targets.admin.grid_totals import describe_columns
from targets.admin.layers import View
from targets.admin.texts import name_column, name_earlier, name_period
from targets.changes import NOTHING, Changes, name_field
from targets.grids import Grid, list_plannable
from targets.models import PlanStatus
from targets.numbers import make_writer

FIRST_FORM = "grid-0"


@dataclass(slots=True)
class Sheet:
    """What an editor works on: the view, what he has changed, and the reason that he gave."""

    view: View
    changes: Changes = field(default_factory=Changes)
    reason: str = ""


def describe_grid(grid: Grid, sheet: Sheet, *, can_edit: bool) -> dict[str, Any]:
    """Describe a grid for its template."""
    plan = grid.plan
    shown = {kpi.key for kpi in grid.kpis}
    return {
        "plan": plan,
        "form": FIRST_FORM,
        "period": name_period(plan.period),
        "earlier": [name_earlier(each) for each in grid.earlier],
        "view": sheet.view,
        "layers": sheet.view.list_layers(),
        "columns": describe_columns(grid),
        "others": [(key, name_column(kpi, plan.portal)) for key, kpi in list_plannable().items() if key not in shown],
        "shown": sorted(shown),
        "blocks": describe_blocks(grid, sheet.view, sheet.changes, can_edit=can_edit),
        "carried": list_carried(grid, sheet),
        "reason": sheet.reason,
        "needs_reason": can_edit and plan.status == PlanStatus.PUBLISHED,
        "has_changes": bool(sheet.changes.kept),
        "can_edit": can_edit,
        "people": len(grid.rows),
        "is_year": plan.period_key == str(plan.start_on.year),
    }


def list_carried(grid: Grid, sheet: Sheet) -> list[dict[str, str]]:
    """List what was typed and has no field on this page: it is carried on unseen until it is saved."""
    writer, layer = make_writer(), sheet.view.layer
    rows, kpis = {row.member for row in grid.rows}, {kpi.key for kpi in grid.kpis}
    spot = find_spot(grid, sheet.view.cell)
    shown = (spot.row.member, spot.kpi.key) if spot else None
    return [
        {
            "name": name_field(member, kpi, (target := grid.targets.get((member, kpi), NOTHING)).version, field),
            "value": text,
            "stored": writer.write_plain(getattr(target, field) or None),
        }
        for (member, kpi, field), text in sheet.changes.kept.items()
        if (field != layer or member not in rows or kpi not in kpis) and (member, kpi) != shown
    ]
