"""The rows of a grid as HTML, in blocks that are a form each where there are no scripts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from targets.admin.grid_cells import Pen, list_wrong
from targets.admin.layers import View
from targets.changes import Changes
from targets.grids import Grid, Row
from targets.models import PlanStatus
from targets.numbers import make_writer

# A form has at most a thousand fields; without scripts, each block of rows is a form of its own.
MOST_FIELDS = 900
HUNDRED = Decimal(100)


def describe_blocks(grid: Grid, view: View, changes: Changes, *, can_edit: bool) -> list[dict[str, Any]]:
    """Describe the rows in blocks. Shape: a block has its form's id and its rows."""
    writer, link = make_writer(), escape(view.address(cell="")) + cell_key(view)
    pen = Pen(grid, view, changes, can_edit, writer, link, list_wrong(grid, view, changes, writer))
    size = max(1, MOST_FIELDS // max(1, len(grid.kpis)))
    starts = range(0, len(grid.rows), size)
    weights = grid.weights
    return [
        {
            "form": f"grid-{number}",
            "rows": [write_row(pen, row, f"grid-{number}", weights) for row in grid.rows[start : start + size]],
        }
        for number, start in enumerate(starts)
    ]


def cell_key(view: View) -> str:
    """Write how the address of a cell goes on after that of the view."""
    return "&amp;cell=" if len(view.address(cell="")) > 1 else "cell="


def write_row(pen: Pen, row: Row, form: str, weights: Mapping[int, Decimal]) -> SafeString:
    """Write one employee's row."""
    cells = "".join(pen.write_cell(row, kpi, form) for kpi in pen.grid.kpis)
    good = "" if row.acknowledged_at is None else " itogi-is-good"
    # Numbers of ours, and texts that are escaped here or were in their cells.
    return mark_safe(  # noqa: S308
        f'<tr><th scope="row" id="r-{row.member}">{escape(row.name)}</th>{cells}'
        f'<td class="itogi-weights">{write_weights(pen, weights.get(row.member))}</td>'
        f'<td class="itogi-left"><span class="itogi-status{good}">{escape(tell_status(pen.grid, row))}</span></td></tr>'
    )


def write_weights(pen: Pen, weight: Decimal | None) -> str:
    """Write the sum of an employee's weights, marked where it cannot be published. Empty: a dash."""
    if weight is None or weight == HUNDRED:
        return "–" if weight is None else "100"
    return f'<span class="itogi-off">{pen.writer.write_plain(weight) or 0} ≠ 100</span>'


def tell_status(grid: Grid, row: Row) -> str:
    """Say whether an employee has seen his plan."""
    if row.acknowledged_at is not None:
        day = localtime(row.acknowledged_at, grid.plan.portal.zone)
        return _("acknowledged %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")}
    return _("draft") if grid.plan.status == PlanStatus.DRAFT else _("not acknowledged yet")
