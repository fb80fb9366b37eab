"""From facts to KPIs, the last stage before anything is shown.

Imports pandas, which is slow to load: only modules that compute import this one.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

import pandas as pd

from crmsync.models import Portal
from kpis.computed import COMPUTED
from kpis.kpi import Kpi, Result, compute
from kpis.measures import BY_KEY as MEASURES
from kpis.options import Choice, read_choice
from kpis.periods import Every, Period, split
from kpis.sums import Sums, Totals, make_zeros, read_sums, total_up

By = Literal["employee", "team", "both"]
COLUMNS = ["period", "kpi", "employee", "value", "numerator", "denominator"]


def evaluate(
    portal: Portal,
    period: Period,
    *,
    every: Every | None = None,
    by: By = "both",
    kpis: Collection[str] | None = None,
    employees: Collection[int] | None = None,
) -> pd.DataFrame:
    """Compute KPIs of a period, or of its parts, from the facts.

    Shape: a row per part, KPI and employee, then the team; `period` and `kpi` are keys, `employee` is
    the primary key, None for the team, which includes what nobody is responsible for. Sorted by part,
    catalog, primary key, team last. Employees are those with any fact in the whole period. With
    `employees` only they have rows, and the team is theirs; with `kpis` only these, on or off.
    Units: `value` in the KPI's, the others in their measures'; int or Decimal, exact.
    Time: the portal's days, half-open.
    Empty: a measure of which nothing was counted is 0; a ratio without a denominator, and what has no
    value for a single employee, is None.
    """
    parts = split(period, every=every) if every else [period]
    choice = read_choice(portal, keys=None if kpis is None else tuple(kpis))
    measures = list_measures(choice.kpis)
    found = read_sums(portal, parts, measures=measures, employees=employees)
    people = sorted({who for part_sums in found for who in part_sums if who is not None} | set(employees or ()))
    rows: list[tuple[Any, ...]] = []
    for part, part_sums in zip(parts, found, strict=True):
        sums = complete_sums(part_sums, people, measures)
        shown = {who: each for who, each in sums.items() if by == "both" or (who is None) == (by == "team")}
        rows += compute_part(portal, part, choice, shown, employees)
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def list_measures(kpis: Iterable[Kpi]) -> list[str]:
    """List the measures that formulas over facts read, each once."""
    return list(dict.fromkeys(key for kpi in kpis if kpi.additive for key in kpi.measures if key in MEASURES))


def complete_sums(found: Sums, people: Sequence[int], measures: Sequence[str]) -> Sums:
    """Give everybody sums, and the team its own. Shape: employees by primary key, None last for the team."""
    team = total_up(found.values(), measures=measures)
    zeros = make_zeros(measures)
    return {**{who: found.get(who, zeros) for who in people}, None: team}


def compute_part(
    portal: Portal, part: Period, choice: Choice, sums: Sums, employees: Collection[int] | None
) -> Iterable[tuple[Any, ...]]:
    """Compute each KPI of one part, in the shape of `evaluate`."""
    for kpi in choice.kpis:
        if kpi.additive:
            found = {who: compute_one(kpi, who, each, choice) for who, each in sums.items()}
        else:
            found = COMPUTED[kpi.key](portal, part, list(sums), employees)
        for who, result in found.items():
            yield part.key, kpi.key, who, result.value, result.numerator, result.denominator


def compute_one(kpi: Kpi, employee: int | None, sums: Totals, choice: Choice) -> Result:
    """Compute a KPI for an employee or the team; what only a team has is None for an employee."""
    result = compute(kpi, sums, in_business_hours=choice.in_business_hours)
    if kpi.team_only and employee is not None:
        return Result(None, result.numerator, result.denominator)
    return result
