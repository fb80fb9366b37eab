"""Who stands where: employees by one KPI; shares by what their sample speaks for, so that 2 of 2 do not lead."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from crmsync.models import Portal
from kpis.intervals import lower_bound
from kpis.kpi import Kpi, Number, Result
from kpis.options import read_choice
from kpis.periods import Period
from kpis.results import compute_parts, read_parts
from kpis.units import Direction


@dataclass(frozen=True, slots=True)
class Place:
    """An employee's rank by a KPI, 1 for the best; equals share theirs. Empty: None without a value."""

    employee: int
    result: Result
    rank: int | None


def rank_employees(
    portal: Portal, period: Period, kpi: str, *, employees: Collection[int] | None = None
) -> list[Place]:
    """Rank employees by a KPI. Shape: best first, those without a value last, equals by primary key."""
    choice = read_choice(portal, keys=(kpi,))
    (sums,) = read_parts(portal, [period], choice, employees=employees)
    (declared,), (results,) = choice.kpis, compute_parts(choice, [sums])
    scores = {who: score(declared, result) for who, result in results[kpi].items() if who is not None}
    known = sorted((each for each in scores.values() if each is not None), reverse=True)
    ranks = {each: place for place, each in reversed(list(enumerate(known, start=1)))}
    places = [Place(who, results[kpi][who], None if each is None else ranks[each]) for who, each in scores.items()]
    return sorted(places, key=lambda place: (place.rank is None, place.rank, place.employee))


def score(kpi: Kpi, result: Result) -> Number | None:
    """Say how good a value is: more is better, whichever way the KPI improves. Empty: None without a value."""
    if result.value is None:
        return None
    sign = 1 if kpi.direction == Direction.UP else -1
    if not kpi.is_share or result.denominator is None:
        return sign * result.value
    hits, total = int(result.numerator), int(result.denominator)
    bound = lower_bound(hits if sign > 0 else total - hits, total)
    return Decimal(0) if bound is None else bound
