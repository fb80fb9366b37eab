"""Results of KPIs by employee and for the team, as plain values: from sums of facts, or by their own function."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Literal

from crmsync.models import Portal
from kpis.computed import COMPUTED, Results
from kpis.kpi import Kpi, Result, compute
from kpis.measures import BY_KEY as MEASURES
from kpis.options import Choice
from kpis.periods import Period, keep_pace
from kpis.sums import Sums, Totals, make_zeros, read_sums, total_up

By = Literal["employee", "team", "both"]


def read_parts(
    portal: Portal,
    parts: Sequence[Period],
    choice: Choice,
    *,
    employees: Collection[int] | None = None,
    people: Iterable[int] = (),
) -> list[Sums]:
    """Read the sums behind KPIs for adjoining parts.

    Shape: for each part the employees by primary key, zeros where one has no fact in it, then None: the team, which
    includes what nobody is responsible for. Employees are those with any fact in any part, and `people`; with
    `employees` they alone.
    """
    measures = list_measures(choice.kpis)
    found = read_sums(portal, parts, measures=measures, employees=employees)
    known = {who for part in found for who in part if who is not None}
    everybody = sorted(known | set(people) | set(employees or ()))
    return [complete_sums(part, everybody, measures) for part in found]


def list_measures(kpis: Iterable[Kpi]) -> list[str]:
    """List the measures that formulas over facts read or show, each once."""
    return list(dict.fromkeys(key for kpi in kpis if kpi.additive for key in kpi.shown if key in MEASURES))


def complete_sums(found: Sums, people: Sequence[int], measures: Sequence[str]) -> Sums:
    """Give everybody sums, and the team its own. Shape: employees by primary key, None last for the team."""
    zeros = make_zeros(measures)
    return {**{who: found.get(who, zeros) for who in people}, None: total_up(found.values(), measures=measures)}


def compute_parts(
    portal: Portal,
    parts: Sequence[Period],
    choice: Choice,
    sums: Sequence[Sums],
    *,
    employees: Collection[int] | None = None,
    today: date | None = None,
) -> list[dict[str, Results]]:
    """Compute the chosen KPIs of each part for everybody in its sums. Shape: by the KPI's key, in the order chosen.

    Time: what is computed for the very period ends with `today` where it is given: the rest has not happened.
    """
    elapsed = [part if today is None else keep_pace(part, period=part, today=today) for part in parts]
    people = [list(each) for each in sums]
    found: list[dict[str, Results]] = [{} for _ in parts]
    for kpi in choice.kpis:
        if kpi.additive:
            results = [{who: compute_one(kpi, who, told, choice) for who, told in each.items()} for each in sums]
        else:
            results = COMPUTED[kpi.key](portal, elapsed, people, employees, choice.options)
        for part, result in zip(found, results, strict=True):
            part[kpi.key] = result
    return found


def compute_one(kpi: Kpi, employee: int | None, sums: Totals, choice: Choice) -> Result:
    """Compute a KPI for an employee or the team; what only a team has is None for an employee."""
    result = compute(kpi, sums, in_business_hours=choice.in_business_hours)
    if kpi.team_only and employee is not None:
        return Result(None, result.numerator, result.denominator)
    return result


def select(sums: Sums, by: By) -> Sums:
    """Keep the employees, the team, or both."""
    return sums if by == "both" else {who: each for who, each in sums.items() if (who is None) == (by == "team")}
