"""What stands on the page of a plan: its grid with what is typed into it and not saved yet."""

from dataclasses import dataclass, field
from typing import Any

from targets.admin.grid_rows import describe_blocks
from targets.admin.grid_totals import describe_columns
from targets.admin.layers import View
from targets.admin.texts import name_column, name_earlier, name_period
from targets.changes import Changes
from targets.grids import Grid, list_plannable
from targets.models import PlanStatus


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
        "period": name_period(plan.period),
        "earlier": [name_earlier(each) for each in grid.earlier],
        "view": sheet.view,
        "layers": sheet.view.list_layers(),
        "columns": describe_columns(grid),
        "others": [(key, name_column(kpi, plan.portal)) for key, kpi in list_plannable().items() if key not in shown],
        "shown": sorted(shown),
        "blocks": describe_blocks(grid, sheet.view, sheet.changes, can_edit=can_edit),
        "reason": sheet.reason,
        "needs_reason": can_edit and plan.status == PlanStatus.PUBLISHED,
        "has_changes": bool(sheet.changes.kept),
        "can_edit": can_edit,
        "people": len(grid.rows),
    }
