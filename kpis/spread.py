"""How the durations behind a mean are spread: their median and 90th percentile, for the very period and group."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, quantiles
from typing import Any

from crmsync.models import Portal
from kpis.kpi import Kpi
from kpis.measures import BY_KEY as MEASURES
from kpis.periods import Period


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle duration, and the one that nine of ten do not exceed. Units: the KPI's."""

    median: Decimal
    high: Decimal


def read_spread(
    portal: Portal, kpi: Kpi, period: Period, *, employees: Collection[int] | None = None
) -> dict[int | None, Spread]:
    """Read the spread of a KPI's durations by employee and, under None, of the whole team.

    Empty: who has no duration in the period is not there.
    """
    if kpi.spread is None or kpi.denominator is None:
        return {}
    measure = MEASURES[kpi.denominator.measures[0]]
    records: Any = measure.source._default_manager
    dated = {f"{measure.dated_by}__gte": period.start, f"{measure.dated_by}__lt": period.end}
    rows = records.live().filter(measure.where, portal=portal, **dated)
    rows = rows if employees is None else rows.filter(**{f"{measure.credited_to}__in": employees})
    groups: dict[int | None, list[int]] = defaultdict(list)
    everybody: list[int] = []
    for who, seconds in rows.values_list(f"{measure.credited_to}_id", kpi.spread):
        groups[who].append(seconds)
        everybody.append(seconds)
    groups[None] = everybody
    return {who: measure_spread(kpi, found) for who, found in groups.items() if found}


def measure_spread(kpi: Kpi, durations: Iterable[int]) -> Spread:
    """Measure the spread of some durations; between two of them it is interpolated, as percentile_cont does."""
    values = [Decimal(each * kpi.scale.numerator) / kpi.scale.denominator for each in durations]
    high = quantiles(values, n=10, method="inclusive")[8] if len(values) > 1 else values[0]
    return Spread(median(values), high)
