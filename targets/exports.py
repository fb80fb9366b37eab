"""A plan's grid as a table for Excel: one row per employee and KPI, with what an import needs to know it again."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.utils.translation import gettext as _

from kpis.catalog import BY_KEY
from targets.changes import NOTHING
from targets.grids import Grid
from targets.models import TargetPlan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins with one of these is a formula to Excel, whoever wrote it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDTHS = (10, 10, 28, 22, 34, 9, 16, 10, 14, 14, 14)


def list_headings() -> dict[str, str]:
    """List the columns by the name of what they hold, in the active language."""
    return {
        "plan": _("Plan ID"),
        "member": _("Member ID"),
        "employee": _("Employee"),
        "kpi": _("KPI code"),
        "kpi_name": "KPI",
        "version": _("Version"),
        "value": _("Target"),
        "weight": _("Weight"),
        "threshold": _("Threshold"),
        "stretch": _("Stretch level"),
        "min_sample": _("Least sample"),
    }


def list_rows(grid: Grid) -> Iterator[list[Any]]:
    """List the rows of the table, without its headings."""
    for row in grid.rows:
        for kpi in grid.kpis:
            target = grid.targets.get((row.member, kpi.key), NOTHING)
            numbers = (target.value, target.weight, target.threshold, target.stretch, target.min_sample)
            name = str(BY_KEY[kpi.key].name)
            yield [grid.plan.pk, row.member, row.name, kpi.key, name, target.version, *numbers]


def write_csv(grid: Grid) -> bytes:
    """Write the table as CSV, as Excel opens it everywhere: UTF-8 with its mark, semicolons, a decimal point."""
    file = io.StringIO(newline="")
    table = csv.writer(file, delimiter=";")
    table.writerow(list_headings().values())
    for row in list_rows(grid):
        table.writerow([write_plain(cell) for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def write_plain(cell: Any) -> str:
    """Write a cell of a text file. Empty: an empty text."""
    if isinstance(cell, Decimal):
        text = f"{cell.normalize():f}"
        # Three digits behind a point may be thousands to whoever reads them; four cannot.
        return f"{text}0" if text[-4:-3] == "." else text
    return "" if cell is None else disarm(cell) if isinstance(cell, str) else str(cell)


def disarm(text: str) -> str:
    """Put an apostrophe before a text that Excel would run as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def write_workbook(grid: Grid) -> bytes:
    """Write the table as XLSX, numbers as numbers."""
    book = import_module("openpyxl").Workbook()
    sheet = book.active
    sheet.title = _("Targets")
    sheet.append(list(list_headings().values()))
    for row in list_rows(grid):
        sheet.append([disarm(cell) if isinstance(cell, str) else cell for cell in row])
    for number, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = width
    sheet.freeze_panes = "G2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def name_file(plan: TargetPlan, ending: str) -> str:
    """Name a file of a plan, in letters that every system takes."""
    return f"plan-{plan.pk}-{plan.period_key}.{ending}"
