"""From facts to KPIs, the last stage before anything is shown.

Imports pandas, which is slow to load: only modules that compute import this one.
"""

from collections.abc import Collection
from datetime import date

import pandas as pd

from crmsync.models import Portal
from kpis.options import read_choice
from kpis.periods import Every, Period, split
from kpis.results import By, compute_parts, read_parts, select

COLUMNS = ["period", "kpi", "employee", "value", "numerator", "denominator"]


def evaluate(
    portal: Portal,
    period: Period,
    *,
    every: Every | None = None,
    by: By = "both",
    kpis: Collection[str] | None = None,
    employees: Collection[int] | None = None,
    today: date | None = None,
) -> pd.DataFrame:
    """Compute KPIs of a period, or of its parts, from the facts.

    Shape: a row per part, KPI and employee, then the team; `period` and `kpi` are keys, `employee` is
    the primary key, None for the team, which includes what nobody is responsible for. Sorted by part,
    catalog, primary key, team last. Employees are those with anything in the whole period. With
    `employees` only they have rows, and the team is theirs; with `kpis` only these, on or off.
    Units: `value` in the KPI's, the others in their measures'; int or Decimal, exact.
    Time: the portal's days, half-open; what does not add up ends with `today` where that is given.
    Empty: a measure of which nothing was counted is 0; a ratio without a denominator, and what has no
    value for a single employee, is None.
    """
    parts = split(period, every=every) if every else [period]
    choice = read_choice(portal, keys=None if kpis is None else tuple(kpis), is_partial=employees is not None)
    sums = read_parts(portal, parts, choice, employees=employees, today=today)
    found = compute_parts(choice, [select(each, by) for each in sums])
    rows = [
        (part.key, key, who, result.value, result.numerator, result.denominator)
        for part, computed in zip(parts, found, strict=True)
        for key, results in computed.items()
        for who, result in results.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)
