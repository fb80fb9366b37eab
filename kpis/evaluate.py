"""From facts to KPIs, the last stage before anything is shown.

Imports pandas, which is slow to load: only modules that compute import this one.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from crmsync.models import Portal
from kpis.catalog import CATALOG, Kpi
from kpis.measures import BY_KEY as MEASURES
from kpis.models import DailyFact, MonthlyFact
from kpis.periods import Every, Period, is_whole_months, split
from kpis.units import Unit

By = Literal["employee", "team", "both"]
COLUMNS = ["period", "kpi", "employee", "value", "numerator", "denominator"]
# Stand-ins inside this module, where pandas would turn None into a float; primary keys begin at 1.
NOBODY, TEAM = 0, -1


def evaluate(
    portal: Portal, period: Period, *, every: Every | None = None, by: By = "both", kpis: Collection[str] | None = None
) -> pd.DataFrame:
    """Compute KPIs of a period, or of its parts, from the facts.

    Shape: a row per part, KPI and employee, then the team; `period` and `kpi` are keys, `employee` is
    the primary key, None for the team, which includes what nobody is responsible for. Sorted by part,
    catalog, primary key, team last. Employees are those with any fact in the whole period.
    Units: `value` in the KPI's, the others in their measures'; int or Decimal, exact.
    Time: the portal's days, half-open.
    Empty: a measure of which nothing was counted is 0; a ratio without a denominator is None.
    """
    parts = split(period, every=every) if every else [period]
    chosen = [kpi for kpi in CATALOG if kpis is None or kpi.key in kpis]
    measures = list(dict.fromkeys(key for kpi in chosen for key in kpi.measures))
    sums = sum_facts(read_facts(portal, parts, measures=measures), places=range(len(parts)), by=by)
    return pd.DataFrame(list(compute_rows(sums, parts, chosen)), columns=COLUMNS, dtype=object)


def read_facts(portal: Portal, parts: Sequence[Period], *, measures: Sequence[str]) -> pd.DataFrame:
    """Read the facts of adjoining parts, by the month where every part consists of whole ones.

    Shape: place (of the part), employee, then the measures; unsorted, any number of rows per place.
    """
    table, dated = (MonthlyFact, "month") if all(map(is_whole_months, parts)) else (DailyFact, "day")
    span = {f"{dated}__gte": parts[0].start, f"{dated}__lt": parts[-1].end}
    rows = table._default_manager.filter(portal=portal, **span).values_list(dated, "employee_id", *measures)
    facts = pd.DataFrame.from_records(list(rows), columns=["place", "employee", *measures])
    facts["place"] = place_dates(facts["place"], parts)
    facts["employee"] = facts["employee"].fillna(NOBODY).astype(int)
    return facts


def place_dates(dates: pd.Series, parts: Sequence[Period]) -> pd.Series:
    """Replace each date by the place of the part that holds it."""
    starts = [part.start for part in parts]
    return dates.map({day: bisect_right(starts, day) - 1 for day in dates.unique()}).astype(int)


def sum_facts(facts: pd.DataFrame, *, places: Iterable[int], by: By) -> pd.DataFrame:
    """Sum facts into a complete grid.

    Shape: a column per measure, indexed by place and employee, TEAM last; 0 where there was no fact.
    """
    people = sorted(set(facts["employee"]) - {NOBODY}) if by != "team" else []
    everyone = pd.concat([facts, facts.assign(employee=TEAM)])
    groups = [*people, TEAM] if by != "employee" else people
    grid = pd.MultiIndex.from_product([places, groups], names=["place", "employee"])
    sums = everyone.groupby(["place", "employee"]).sum().reindex(grid, fill_value=0).astype(object)
    for key in sums.columns:
        if MEASURES[key].unit == Unit.MONEY:
            sums[key] = sums[key].map(Decimal)
    return sums


def compute_rows(sums: pd.DataFrame, parts: Sequence[Period], chosen: Sequence[Kpi]) -> Iterable[tuple[Any, ...]]:
    """Compute each KPI of each part from the sums, in the shape of `evaluate`."""
    for place, part_sums in sums.groupby(level="place"):
        employees = [None if key == TEAM else int(key) for key in part_sums.index.get_level_values("employee")]
        for kpi in chosen:
            numerators = part_sums[kpi.numerator].tolist()
            denominators = part_sums[kpi.denominator].tolist() if kpi.denominator else [None] * len(numerators)
            for employee, numerator, denominator in zip(employees, numerators, denominators, strict=True):
                value = kpi.compute(numerator, denominator)
                yield parts[place].key, kpi.key, employee, value, numerator, denominator
