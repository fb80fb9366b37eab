"""Churn: customers at the start of a period who are none at its end, for the very period and group.

A customer at a day is one with a won deal in the `churn_days` before it. Days are the portal's own. Each sale knows
when its customer bought next, so it alone says whether it is his newest at the start, and nearly always whether he is
lost.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crmsync.models import Portal
from kpis.models import Sale
from kpis.periods import Period

FEW = 10

# By employee and, under None, of the whole group: customers lost, customers at the start.
Churn = dict[int | None, tuple[int, int]]


def count_churns(
    portal: Portal, periods: Sequence[Period], *, employees: Collection[int] | None, churn_days: int
) -> list[Churn]:
    """Count customers at the start of each period and those lost by its end, in one reading. Shape: periods in order.

    A few people are counted from their rows: to name every period in a statement takes longer than to read them.
    """
    window = timedelta(days=churn_days)
    first, last = min(each.start for each in periods) - window, max(each.start for each in periods)
    sales = list_sales(portal, first, last, employees=employees).order_by()
    is_short = all(each.end - each.start <= window for each in periods)
    if is_short and employees is not None and len(employees) <= FEW:
        counted = count_rows(sales.values_list("employee_id", "won_on", "next_on"), periods, window)
    else:
        counted = count_grouped(sales, periods, window)
    return [each | {None: add_up(each.values())} for each in counted]


def add_up(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Add everybody's counts up: a customer is one employee's."""
    told = list(counts)
    return sum(lost for lost, _ in told), sum(at_start for _, at_start in told)


def count_grouped(sales: "QuerySet[Any]", periods: Sequence[Period], window: timedelta) -> list[Churn]:
    """Have the database count by employee. Empty: who had no customer at the start is not there."""
    counts: dict[str, Any] = {}
    for place, period in enumerate(periods):
        at_start = is_at_start(period, window)
        counts[f"lost_{place}"] = Count("pk", filter=at_start & is_lost(period, window))
        counts[f"start_{place}"] = Count("pk", filter=at_start)
    rows = list(sales.values_list("employee_id").annotate(**counts))
    return [
        {row[0]: (row[2 * place + 1], row[2 * place + 2]) for row in rows if row[2 * place + 2]}
        for place in range(len(periods))
    ]


def count_rows(
    rows: Iterable[tuple[int | None, date, date | None]], periods: Sequence[Period], window: timedelta
) -> list[Churn]:
    """Count what `is_at_start` and `is_lost` say of periods that are no longer than the window."""
    starts = [period.start for period in periods]
    counted: list[Churn] = [{} for _ in periods]
    for who, won_on, next_on in rows:
        newest_until = min(won_on + window, next_on or date.max)
        for place in range(bisect_right(starts, won_on), bisect_right(starts, newest_until)):
            end = periods[place].end
            stays = won_on >= end - window or (next_on is not None and next_on < end)
            lost, at_start = counted[place].get(who, (0, 0))
            counted[place][who] = (lost + (not stays), at_start + 1)
    return counted


def select_customers(
    portal: Portal, period: Period, *, employees: Collection[int] | None, churn_days: int, lost: bool = False
) -> "QuerySet[Any]":
    """Select the customers at the start of a period, or the lost ones: each by his newest sale before it."""
    window = timedelta(days=churn_days)
    sales = list_sales(portal, period.start - window, period.start, employees=employees)
    return sales.filter(is_at_start(period, window), is_lost(period, window) if lost else Q())


def list_sales(portal: Portal, start: date, end: date, *, employees: Collection[int] | None) -> "QuerySet[Any]":
    """List the sales to known customers from one day until before another."""
    sales = Sale.objects.filter(portal=portal, customer_type__isnull=False, won_on__gte=start, won_on__lt=end)
    return sales if employees is None else sales.filter(employee__in=employees)


def is_at_start(period: Period, window: timedelta) -> Q:
    """Build the condition of the sale by which one is a customer at the start: his newest before it, in the window."""
    newest = Q(next_on__isnull=True) | Q(next_on__gte=period.start)
    return Q(won_on__gte=period.start - window, won_on__lt=period.start) & newest


def is_lost(period: Period, window: timedelta) -> Q:
    """Build the condition that a customer, known by his newest sale before the start, is none at the end."""
    left = period.end - window
    stays = Q(won_on__gte=left) | Q(next_on__gte=max(left, period.start), next_on__lt=period.end)
    if left > period.start:
        # Longer than the window: he may have come back too early to stay, and then once more.
        again = Sale.objects.filter(
            portal=OuterRef("portal"),
            customer_type=OuterRef("customer_type"),
            customer_external_id=OuterRef("customer_external_id"),
            won_on__gte=left,
            won_on__lt=period.end,
        )
        stays |= Q(Exists(again), next_on__lt=left)
    return ~stays
