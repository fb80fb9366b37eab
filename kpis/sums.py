"""Sums of facts by part of a period and employee: the database adds up what it can, the rest is a few additions."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from crmsync.models import Portal
from kpis.kpi import Number
from kpis.measures import BY_KEY as MEASURES
from kpis.models import DailyFact, MonthlyFact
from kpis.periods import Period, is_whole_months
from kpis.units import Unit

Totals = dict[str, Number]
# By the employee's primary key; what None stands for, nobody or a whole team, is said where it is used.
Sums = dict[int | None, Totals]


def read_sums(
    portal: Portal, parts: Sequence[Period], *, measures: Sequence[str], employees: Collection[int] | None = None
) -> list[Sums]:
    """Read the sums of adjoining parts, from the monthly facts where every part consists of whole months.

    Shape: for each part by employee, None for nobody; who has no fact in a part is not in it.
    """
    table: Any = MonthlyFact if all(map(is_whole_months, parts)) else DailyFact
    dated = "month" if table is MonthlyFact else "day"
    span = {f"{dated}__gte": parts[0].start, f"{dated}__lt": parts[-1].end}
    rows = table.objects.filter(portal=portal, **span).order_by()
    rows = rows if employees is None else rows.filter(employee__in=employees)
    # A few people's rows are added up sooner than the database is told to.
    if len(parts) == 1 and employees is None:
        summed = rows.values_list("employee_id").annotate(*(Sum(key) for key in measures))
        return [{row[0]: dict(zip(measures, row[1:], strict=True)) for row in summed}]
    return add_up(rows.values_list(dated, "employee_id", *measures), parts, measures=measures)


def add_up(rows: Iterable[Sequence[Any]], parts: Sequence[Period], *, measures: Sequence[str]) -> list[Sums]:
    """Add dated rows up by the part that holds their date. Shape: rows as date, employee, then the measures."""
    starts = [part.start for part in parts]
    sums: list[dict[int | None, list[Number]]] = [{} for _ in parts]
    places: dict[date, dict[int | None, list[Number]]] = {}
    for day, employee, *numbers in rows:
        if day not in places:
            places[day] = sums[bisect_right(starts, day) - 1]
        known = places[day].setdefault(employee, numbers)
        if known is not numbers:
            known[:] = map(sum, zip(known, numbers, strict=True))
    return [{who: dict(zip(measures, each, strict=True)) for who, each in part.items()} for part in sums]


def make_zeros(measures: Iterable[str]) -> Totals:
    """Make the sums of nothing: money is a Decimal all the same."""
    return {key: Decimal(0) if MEASURES[key].unit == Unit.MONEY else 0 for key in measures}


def total_up(sums: Iterable[Totals], *, measures: Sequence[str]) -> Totals:
    """Add several employees' sums up."""
    result = make_zeros(measures)
    for each in sums:
        for key in measures:
            result[key] += each[key]
    return result
