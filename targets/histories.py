"""Selector: what employees reached in the periods before a plan's, of the same kind: months, quarters or years."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kpis.earlier_periods import previous
from kpis.kpi import Result
from kpis.options import Choice
from kpis.periods import Period
from kpis.results import compute_one, read_parts
from targets.models import TargetPlan

COUNT = 12


@dataclass(frozen=True, slots=True)
class History:
    """Results by period, oldest first, and how many of the periods are over: only the last ones may not be."""

    periods: Sequence[Period]
    over: int
    # By employee, then KPI: a result for each period.
    results: Mapping[int, Mapping[str, Sequence[Result]]]


def read_history(
    plan: TargetPlan, choice: Choice, *, employees: Collection[int], today: date, count: int = COUNT
) -> History:
    """Read the periods before a plan's. Time: one that is running counts what has been reached so far."""
    periods = list_before(plan.period, count=count)
    parts = read_parts(plan.portal, periods, choice, employees=employees, today=today)
    results = {
        who: {kpi.key: [compute_one(kpi, who, sums[who], choice) for sums in parts] for kpi in choice.kpis}
        for who in employees
    }
    return History(periods, sum(period.end <= today for period in periods), results)


def list_before(period: Period, *, count: int) -> list[Period]:
    """List the periods of the same kind before one, oldest first."""
    found = [previous(period)]
    while len(found) < count:
        found.append(previous(found[-1]))
    return found[::-1]
