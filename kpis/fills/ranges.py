"""Fills of everything, split by ranges of days, so that workers share them and no transaction takes long.

Planned in one short transaction together with the ranges of records that are derived first (`derived/ranges.py`), then
done a range a transaction; the argument: docs/algorithms/facts.md.
"""

from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import Count

from crmsync.models import Portal, TouchedDay, TouchedRecord
from kpis.completeness import read_live_watermarks
from kpis.derived import ranges as derived
from kpis.derived.objects import START, Place
from kpis.fills.cuts import cut_ranges
from kpis.fills.state import (
    Filled,
    close_plan,
    expect_few_rows,
    has_ranges,
    is_wholly_touched,
    lock,
    try_lock,
    write_marks,
)
from kpis.models import DailyFact, Filling, FillRange, MonthlyFact
from kpis.scans import Days, group_measures, in_days, insert_totals, scan_months, scan_records

# Seconds of work on either database: short enough for SQLite's other writers, and for a kill to cost little.
RECORDS = 100_000


def count_months(portal: Portal) -> dict[date, int]:
    """Count the portal's records by the first day of their month, from the indexes alone.

    Ranges need not be equal, so records that are gone count too: to leave them out, every record would be read.
    """
    months: Counter[date] = Counter()
    for first, _ in group_measures():
        records = first.source._default_manager.filter(portal=portal, **{f"{first.dated_by}__isnull": False})
        for day, count in records.order_by().values_list(first.dated_by).annotate(count=Count("*")):
            months[day.replace(day=1)] += count
    return months


def cut(portal: Portal, *, records: int, objects: int) -> tuple[list[date], list[Place]]:
    """Choose where ranges of days and of records begin; reads all indexes, so before any lock is held."""
    days = cut_ranges(count_months(portal), records=records, first=date.min)
    return days, cut_ranges(derived.count_places(portal), records=objects, first=START)


def plan(portal: Portal, *, records: int = RECORDS, objects: int = derived.RECORDS) -> None:
    """Plan to derive and compute everything anew, in place of what is left of an older plan."""
    days, places = cut(portal, records=records, objects=objects)
    with transaction.atomic():
        write_plan(portal, lock(portal), days, places)


def plan_touched(portal: Portal, *, wait: bool = True, records: int = RECORDS, objects: int = derived.RECORDS) -> None:
    """Plan to compute everything anew if every day was touched; an older plan is filled to its end first."""
    if not is_wholly_touched(portal):
        return
    days, places = cut(portal, records=records, objects=objects)
    with transaction.atomic():
        filling = lock(portal) if wait else try_lock(portal)
        # Only now nobody else can plan: another worker may have done it meanwhile.
        if filling and is_wholly_touched(portal) and not has_ranges(portal):
            write_plan(portal, filling, days, places)


def write_plan(portal: Portal, filling: Filling, days: list[date], places: list[Place]) -> None:
    """Put ranges in the place of the portal's touched rows; the caller holds the lock."""
    close_plan(portal, filling)
    # The marks are read before the touched rows go, and these before any range is read: what commits later stays.
    filling.planned = write_marks(read_live_watermarks(portal))
    filling.save(update_fields=["planned"])
    TouchedDay.objects.filter(portal=portal).delete()
    TouchedRecord.objects.filter(portal=portal).delete()
    # Both wait for the workers that are busy with one of the ranges.
    derived.write_ranges(portal, places)
    FillRange.objects.filter(portal=portal).delete()
    ends: list[date | None] = [*days[1:], None]
    FillRange.objects.bulk_create(
        FillRange(portal=portal, start_on=start, end_on=end) for start, end in zip(days, ends, strict=True)
    )


@transaction.atomic
def fill_range(portal: Portal, *, wait: bool = True) -> Filled | None:
    """Do the next planned range: records first, then days; None when none is left, or none that nobody does yet."""
    expect_few_rows()
    if derived.derive_range(portal, wait=wait):
        return Filled(rebuilt=True)
    chosen = take_range(portal, wait=wait)
    if chosen is None:
        return None
    # Asked while we hold a range of days: no other plan can come now, and what this plan derives is there.
    if derived.has_ranges(portal):
        return Filled(rebuilt=True) if wait else None
    rows = fill_days(portal, (chosen.start_on, chosen.end_on))
    chosen.delete()
    return Filled(rebuilt=True, cells=rows, rows=rows)


def fill_days(portal: Portal, days: Days) -> int:
    """Compute the facts of a range of whole months anew. Returns how many days of employees have any."""
    DailyFact.objects.filter(in_days("day", days), portal=portal).delete()
    MonthlyFact.objects.filter(in_days("month", days), portal=portal).delete()
    rows = insert_totals(DailyFact, scan_records(portal, days), portal=portal, dated="day")
    insert_totals(MonthlyFact, [scan_months(portal, in_days("day", days))], portal=portal, dated="month")
    return rows


def take_range(portal: Portal, *, wait: bool) -> FillRange | None:
    """Lock the next range that nobody fills; when all are being filled, wait for the first if we may."""
    ranges = FillRange.objects.filter(portal=portal).order_by("start_on")
    free = ranges.select_for_update(skip_locked=True).first()
    return free or (ranges.select_for_update().first() if wait else None)


@transaction.atomic
def finish_plan(portal: Portal) -> None:
    """Note how far the facts are if no range is left."""
    close_plan(portal, lock(portal))
