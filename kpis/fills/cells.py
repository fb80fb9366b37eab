"""Fills of the touched days: the next portion of touched cells is computed anew, in one transaction.

The steps and why they lose nothing: docs/algorithms/facts.md.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from crmsync.models import Portal, TouchedDay
from kpis.completeness import read_live_watermarks
from kpis.fills.state import (
    Filled,
    close_plan,
    expect_few_rows,
    has_ranges,
    has_touched_records,
    is_wholly_touched,
    keep_watermarks,
    lock,
    try_lock,
)
from kpis.models import DailyFact, MonthlyFact
from kpis.periods import month_of
from kpis.scans import in_cells, insert_totals, scan_months, scan_touched

# Small enough that both databases start from the cells, and that a statement's parameters fit SQLite's limit.
BATCH = 2_000
Cell = tuple[int | None, date]
Touched = list[tuple[int, int | None, date]]


@transaction.atomic
def refill_batch(portal: Portal, *, batch: int = BATCH, wait: bool = True) -> Filled | None:
    """Compute the next touched cells anew; None when none is left or it is not their turn."""
    filling = lock(portal) if wait else try_lock(portal)
    # A worker may be filling one of the ranges right now: its facts are not ours to write.
    if filling is None or has_ranges(portal):
        return None
    close_plan(portal, filling)
    marks = read_live_watermarks(portal)
    if is_wholly_touched(portal):
        return None
    touched = read_touched(portal, limit=batch)
    filled = fill_cells(portal, touched) if touched else None
    # Days of what is still to be derived are yet to be touched.
    if len(touched) < batch and not has_touched_records(portal):
        keep_watermarks(filling, marks)
    return filled


def fill_cells(portal: Portal, touched: Touched) -> Filled:
    """Compute the cells of these touched rows anew, with their months, and forget the rows."""
    expect_few_rows()
    read = TouchedDay.objects.filter(pk__in=[pk for pk, _, _ in touched])
    cells = {(employee, day) for _, employee, day in touched}
    days_of_nobody = sorted({day for employee, day in cells if employee is None})
    DailyFact.objects.filter(in_cells("employee", "day", read), portal=portal).delete()
    DailyFact.objects.filter(portal=portal, employee=None, day__in=days_of_nobody).delete()
    scans = scan_touched(portal, read, days_of_nobody=days_of_nobody)
    rows = insert_totals(DailyFact, scans, portal=portal, dated="day")
    for month, employees in group_by_month(cells).items():
        roll_up(portal, month, name_employees(employees))
    forget(touched)
    return Filled(cells=len(cells), rows=rows)


def read_touched(portal: Portal, *, limit: int) -> Touched:
    """Read the next touched rows, those of one cell and one month together."""
    rows = TouchedDay.objects.filter(portal=portal, day__isnull=False).order_by("day", "employee_id")
    return list(rows.values_list("pk", "employee_id", "day")[:limit])  # type: ignore[arg-type]


def forget(touched: Touched) -> None:
    """Delete exactly the touched rows that were read; those that came meanwhile stay for the next batch."""
    TouchedDay.objects.filter(pk__in=[pk for pk, _, _ in touched]).delete()


def roll_up(portal: Portal, month: date, employees: Q) -> None:
    """Sum the daily facts of the employees' month anew."""
    MonthlyFact.objects.filter(employees, portal=portal, month=month).delete()
    scan = scan_months(portal, employees & Q(day__gte=month, day__lt=month_of(month).end))
    insert_totals(MonthlyFact, [scan], portal=portal, dated="month")


def group_by_month(cells: set[Cell]) -> dict[date, set[int | None]]:
    """Group the cells' employees by the first day of the month."""
    months: dict[date, set[int | None]] = defaultdict(set)
    for employee, day in cells:
        months[day.replace(day=1)].add(employee)
    return months


def name_employees(employees: set[int | None]) -> Q:
    """Build the condition on facts that names these employees, None meaning nobody."""
    known: Sequence[int] = sorted(employee for employee in employees if employee is not None)
    return Q(employee__in=known) | Q(employee=None) if None in employees else Q(employee__in=known)
