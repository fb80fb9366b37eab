"""Churn: customers at the start of a period who are none at its end, for the very period and group.

A customer at a day is one with a won deal in the `churn_days` before it. Days are the portal's own.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crmsync.models import Portal
from kpis.models import Sale
from kpis.options import read_options
from kpis.periods import Period

Customer = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Churn:
    """Customers at the start by whom they are credited to, and which of them were lost."""

    at_start: dict[Customer, int | None]
    lost: frozenset[Customer]

    def count(self, employees: Collection[int] | None) -> dict[int | None, tuple[int, int]]:
        """Count lost customers and customers at the start, by employee and, under None, of all of these employees."""
        mine = {who: by for who, by in self.at_start.items() if employees is None or by in employees}
        at_start, lost = Counter(mine.values()), Counter(by for who, by in mine.items() if who in self.lost)
        return {**{by: (lost[by], at_start[by]) for by in at_start}, None: (lost.total(), at_start.total())}


def find_churn(portal: Portal, period: Period, *, employees: Collection[int] | None = None) -> Churn:
    """Find the customers at the period's start and those lost by its end."""
    days = read_options(portal).churn_days
    return find_churns(portal, [period], employees=employees, churn_days=days)[0]


def find_churns(
    portal: Portal, periods: Sequence[Period], *, employees: Collection[int] | None, churn_days: int
) -> list[Churn]:
    """Find the customers at the start of each period and those lost by its end, in one reading.

    With `employees` only customers who ever bought from one of them are looked at, which finds all of theirs.
    """
    window = timedelta(days=churn_days)
    first, last = min(each.start for each in periods) - window, max(each.end for each in periods)
    sales = Sale.objects.filter(portal=portal, customer_type__isnull=False, won_on__gte=first, won_on__lt=last)
    if employees is not None:
        until = max(each.start for each in periods)
        sales = sales.filter(customer_external_id__in=list_customers(portal, employees, until=until))
    rows = sales.order_by("won_at", "deal__external_id").values_list(
        "customer_type", "customer_external_id", "won_on", "employee_id"
    )
    bought = list(rows)
    days = [won_on for _, _, won_on, _ in bought]
    return [
        sort_customers(
            bought[bisect_left(days, each.start - window) : bisect_left(days, each.end)], each, window=window
        )
        for each in periods
    ]


def list_customers(portal: Portal, employees: Collection[int], *, until: date) -> Any:
    """Select the ids of those who bought from these employees; an id of another kind of customer does no harm."""
    return (
        Sale.objects.filter(portal=portal, employee__in=employees, won_on__lt=until, customer_type__isnull=False)
        .order_by()
        .values("customer_external_id")
    )


def sort_customers(
    rows: Iterable[tuple[int | None, int | None, date, int | None]], period: Period, *, window: timedelta
) -> Churn:
    """Sort customers out. Shape: purchases in order of their moment, from a window before the period to its end."""
    at_start: dict[Customer, int | None] = {}
    at_end: set[Customer] = set()
    for kind, key, won_on, employee in rows:
        customer = (kind or 0, key or 0)
        if won_on < period.start:
            at_start[customer] = employee
        if won_on >= period.end - window:
            at_end.add(customer)
    return Churn(at_start, frozenset(at_start.keys() - at_end))
