"""Selector: what employees have reached in a period, by KPI, with all that a scorecard copies of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from crmsync.models import Portal
from kpis.catalog import BY_KEY, list_streams
from kpis.compare import find_interval
from kpis.completeness import find_slowest, read_watermarks
from kpis.kpi import Kpi, Number, Result
from kpis.options import read_choice
from kpis.periods import Period
from kpis.results import compute_one, read_parts


@dataclass(frozen=True, slots=True)
class Actual:
    """One KPI of one employee. Units: the KPI's; `interval` in percent. Empty: the result's value is None."""

    kpi: Kpi
    result: Result
    sample: Number
    interval: tuple[Decimal, Decimal] | None
    through: datetime | None


# By employee, then by KPI.
Actuals = Mapping[int, Mapping[str, Actual]]


def is_cumulative(kpi: Kpi) -> bool:
    """Say whether a KPI grows with the period: counts and sums do, shares, means and times do not."""
    return kpi.denominator is None


def read_actuals(
    portal: Portal, period: Period, *, kpis: Collection[str], employees: Collection[int], now: datetime
) -> Actuals:
    """Read what employees have reached, for all of them at once.

    Time: what does not add up ends with today while the period is running.
    """
    choice = read_choice(portal, keys=tuple(key for key in kpis if key in BY_KEY))
    today = now.astimezone(portal.zone).date()
    [sums] = read_parts(portal, [period], choice, employees=employees, today=today)
    marks = read_watermarks(portal)
    through = {kpi.key: find_slowest(marks, list_streams(kpi), now=now) for kpi in choice.kpis}
    found: dict[int, dict[str, Actual]] = {}
    for employee in employees:
        mine = found.setdefault(employee, {})
        for kpi in choice.kpis:
            result = compute_one(kpi, employee, sums[employee], choice)
            interval = find_interval(kpi, result)
            mine[kpi.key] = Actual(kpi, result, kpi.count_records(sums[employee]), interval, through[kpi.key])
    return found
