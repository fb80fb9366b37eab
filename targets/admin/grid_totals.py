"""The heads and totals of a grid's columns, as texts."""

from typing import Any

from kpis.kpi import Kpi
from targets.admin.texts import name_column
from targets.grids import Grid
from targets.numbers import Writer, make_writer
from targets.rollup import roll_up


def describe_columns(grid: Grid) -> list[dict[str, Any]]:
    """Describe the columns: the KPI with its unit, and the team's own numbers for the last row."""
    writer = make_writer()
    return [describe_column(grid, kpi, writer) for kpi in grid.kpis]


def describe_column(grid: Grid, kpi: Kpi, writer: Writer) -> dict[str, Any]:
    """Describe one column."""
    told = (each.results[kpi.key].get(None) for each in grid.earlier)
    return {
        "key": kpi.key,
        "name": name_column(kpi, grid.plan.portal),
        "description": kpi.description,
        "is_ratio": kpi.denominator is not None,
        "total": writer.write_rounded(roll_up(grid, kpi), kpi.unit),
        "before": " · ".join(writer.write_rounded(each.value if each else None, kpi.unit) for each in told),
    }
