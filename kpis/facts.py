"""Filling the facts from the mirror: whole, or just the days that changed; both give the same rows.

The steps and why they lose nothing: docs/algorithms/facts.md.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from crmsync.models import Portal, TouchedDay
from kpis.completeness import read_live_watermarks
from kpis.models import DailyFact, Filling, MonthlyFact
from kpis.periods import month_of
from kpis.scans import in_cells, insert_totals, scan_months, scan_records, scan_touched

# Small enough that both databases start from the cells, and that a statement's parameters fit SQLite's limit.
BATCH = 2_000
Cell = tuple[int | None, date]
Touched = list[tuple[int, int | None, date]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a fill did: cells are employees' days that were computed anew, rows the facts they gave."""

    rebuilt: bool = False
    cells: int = 0
    rows: int = 0


def refill(portal: Portal, *, batch: int = BATCH) -> Filled:
    """Compute the touched cells anew, some thousand a transaction; everything when a whole portal was touched."""
    if TouchedDay.objects.filter(portal=portal, day=None).exists():
        return rebuild(portal)
    marks = read_live_watermarks(portal)
    cells = rows = 0
    while filled := refill_batch(portal, batch=batch):
        cells, rows = cells + filled.cells, rows + filled.rows
    keep_watermarks(portal, marks)
    return Filled(cells=cells, rows=rows)


@transaction.atomic
def rebuild(portal: Portal) -> Filled:
    """Compute every fact of the portal anew."""
    lock(portal)
    keep_watermarks(portal, read_live_watermarks(portal))
    # Touches go first: one that commits after this statement stays, and its record may or may not be read below.
    TouchedDay.objects.filter(portal=portal).delete()
    DailyFact.objects.filter(portal=portal).delete()
    MonthlyFact.objects.filter(portal=portal).delete()
    rows = insert_totals(DailyFact, scan_records(portal), portal=portal, dated="day")
    insert_totals(MonthlyFact, [scan_months(portal, Q())], portal=portal, dated="month")
    return Filled(rebuilt=True, cells=rows, rows=rows)


@transaction.atomic
def refill_batch(portal: Portal, *, batch: int) -> Filled | None:
    """Compute the next touched cells anew; None when none is left."""
    lock(portal)
    expect_few_rows()
    touched = read_touched(portal, limit=batch)
    if not touched:
        return None
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


def list_stale_portals() -> list[Portal]:
    """List the portals whose mirror has changed since their facts were filled."""
    return list(Portal.objects.filter(Exists(TouchedDay.objects.filter(portal=OuterRef("pk")))).order_by("pk"))


def keep_watermarks(portal: Portal, marks: dict[str, datetime]) -> None:
    """Note how far the mirror was before its touched days were read: so far the facts are complete now."""
    told = {stream: mark.isoformat() for stream, mark in marks.items()}
    Filling.objects.update_or_create(portal=portal, defaults={"watermarks": told})


def lock(portal: Portal) -> None:
    """Wait until no other fill of this portal is under way, and keep others out until the transaction ends."""
    Filling.objects.get_or_create(portal=portal)
    Filling.objects.select_for_update().get(portal=portal)


def expect_few_rows() -> None:
    """Keep PostgreSQL from compiling the transaction's statements to machine code.

    It expects a hundred times the rows that a row-value IN finds, and then compiles for ten times as long as it reads.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")


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
