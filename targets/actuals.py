"""Selector: what employees have reached in a period, by KPI, with all that a scorecard copies of it."""

from collections.abc import Collection, Iterable, Mapping
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
from kpis.results import compute_one, list_measures, read_parts
from kpis.sums import Totals
from targets.credits import Credit, Credits, read_credits, read_rules
from targets.payments import PAID, read_paid


@dataclass(frozen=True, slots=True)
class Actual:
    """One KPI of one employee; `credits` are the deals of its measures that count otherwise than in the CRM.

    Units: the KPI's; `interval` in percent. Empty: the result's value is None.
    """

    kpi: Kpi
    result: Result
    sample: Number
    interval: tuple[Decimal, Decimal] | None
    through: datetime | None
    credits: tuple[tuple[str, Credit], ...] = ()


# By employee, then by KPI.
Actuals = Mapping[int, Mapping[str, Actual]]


def is_cumulative(kpi: Kpi) -> bool:
    """Say whether a KPI grows with the period: counts and sums do, shares, means and times do not."""
    return kpi.denominator is None


def read_actuals(
    portal: Portal,
    period: Period,
    *,
    kpis: Collection[str],
    employees: Collection[int],
    now: datetime,
    counts_paid: bool = False,
) -> Actuals:
    """Read what employees have reached, for all of them at once, with corrections, shares and, where they count,
    payments.

    Time: what does not add up ends with today while the period is running.
    """
    choice = read_choice(portal, keys=tuple(key for key in kpis if key in BY_KEY))
    today = now.astimezone(portal.zone).date()
    [sums] = read_parts(portal, [period], choice, employees=employees, today=today)
    counted = count_otherwise(portal, period, list_measures(choice.kpis), counts_paid=counts_paid)
    marks = read_watermarks(portal)
    through = {kpi.key: find_slowest(marks, list_streams(kpi), now=now) for kpi in choice.kpis}
    found: dict[int, dict[str, Actual]] = {}
    for employee in employees:
        mine = found.setdefault(employee, {})
        told = counted.apply(employee, sums[employee])
        for kpi in choice.kpis:
            result = compute_one(kpi, employee, told, choice)
            interval = find_interval(kpi, result)
            credits = counted.list_credits(employee, kpi.measures)
            mine[kpi.key] = Actual(kpi, result, kpi.count_records(told), interval, through[kpi.key], credits)
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts otherwise than in the facts; `paid`, where it is known, is all that its measures have."""

    credits: Credits
    paid: Credits | None

    def apply(self, employee: int, sums: Totals) -> Totals:
        """Put what counts otherwise into an employee's sums."""
        changed = dict(sums)
        for key in sums:
            if self.paid is not None and key in PAID:
                changed[key] = self.paid.total(employee, key)
            elif credit := self.credits.total(employee, key):
                changed[key] = sums[key] + credit
        return changed

    def list_credits(self, employee: int, measures: Iterable[str]) -> tuple[tuple[str, Credit], ...]:
        """List what of an employee's measures counts otherwise, each with its measure."""
        told = []
        for key in measures:
            source = self.paid if self.paid is not None and key in PAID else self.credits
            told += [(key, credit) for credit in source.found.get((employee, key), ())]
        return tuple(told)


def count_otherwise(portal: Portal, period: Period, measures: Iterable[str], *, counts_paid: bool) -> Counted:
    """Read what counts otherwise in a period than in the facts."""
    rules = read_rules(portal)
    paid = read_paid(portal, period, rules=rules) if counts_paid else None
    return Counted(read_credits(portal, period, measures=measures, rules=rules), paid)
