"""Results of KPIs by employee and for the team, as plain values: from sums of facts, or by their own function."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Literal

from crmsync.models import Portal
from kpis.computed import COMPUTED, Counts
from kpis.earlier_periods import keep_pace
from kpis.kpi import Kpi, Result, compute
from kpis.measures import BY_KEY as MEASURES
from kpis.options import Choice
from kpis.periods import Period
from kpis.sums import Sums, Totals, make_zeros, read_sums, total_up

By = Literal["employee", "team", "both"]
# By the employee's primary key, None for the team, which comes last.
Results = dict[int | None, Result]


def read_parts(
    portal: Portal,
    parts: Sequence[Period],
    choice: Choice,
    *,
    employees: Collection[int] | None = None,
    people: Iterable[int] = (),
    today: date | None = None,
) -> list[Sums]:
    """Read the sums behind KPIs for adjoining parts.

    Shape: for each part the employees by primary key, zeros where one has nothing in it, then None: the team, which
    includes what nobody is responsible for. Employees are those with anything in any part, and `people`; with
    `employees` they alone.
    Time: what is computed for the very period ends with `today` where it is given: the rest has not happened.
    """
    measures = list_measures(choice.kpis)
    found = read_sums(portal, parts, measures=measures, employees=employees)
    counted = count_parts(portal, parts, choice, employees=employees, today=today)
    known = {who for each in (*found, *counted) for who in each if who is not None}
    everybody = sorted(known | set(people) | set(employees or ()))
    return [
        complete_sums(sums, counts, everybody, choice, measures) for sums, counts in zip(found, counted, strict=True)
    ]


def count_parts(
    portal: Portal,
    parts: Sequence[Period],
    choice: Choice,
    *,
    employees: Collection[int] | None,
    today: date | None,
) -> list[Counts]:
    """Count what does not add up, for each part. Shape: the numbers of all such KPIs under one roof."""
    elapsed = [part if today is None else keep_pace(part, period=part, today=today) for part in parts]
    counted: list[Counts] = [{} for _ in parts]
    for kpi in choice.kpis:
        if not kpi.additive:
            for part, counts in zip(
                counted, COMPUTED[kpi.key](portal, elapsed, employees, choice.options), strict=True
            ):
                for who, numbers in counts.items():
                    part.setdefault(who, {}).update(numbers)
    return counted


def list_measures(kpis: Iterable[Kpi]) -> list[str]:
    """List the measures that formulas over facts read or show, each once."""
    return list(dict.fromkeys(key for kpi in kpis if kpi.additive for key in kpi.shown if key in MEASURES))


def complete_sums(found: Sums, counted: Counts, people: Sequence[int], choice: Choice, measures: Sequence[str]) -> Sums:
    """Give everybody sums, and the team its own. Shape: employees by primary key, None last for the team."""
    none: Totals = dict.fromkeys((key for kpi in choice.kpis if not kpi.additive for key in kpi.measures), 0)
    zeros, team = make_zeros(measures), total_up(found.values(), measures=measures)
    mine: Sums = {who: found.get(who, zeros) | none | counted.get(who, {}) for who in people}
    return {**mine, None: team | none | counted.get(None, {})}


def compute_parts(choice: Choice, sums: Iterable[Sums]) -> list[dict[str, Results]]:
    """Compute the chosen KPIs of each part for everybody in its sums. Shape: by the KPI's key, in the order chosen."""
    return [
        {kpi.key: {who: compute_one(kpi, who, told, choice) for who, told in each.items()} for kpi in choice.kpis}
        for each in sums
    ]


def compute_one(kpi: Kpi, employee: int | None, sums: Totals, choice: Choice) -> Result:
    """Compute a KPI for an employee or the team; what only a whole team has is None for an employee or a part of it."""
    result = compute(kpi, sums, in_business_hours=choice.in_business_hours)
    if kpi.team_only and (employee is not None or choice.is_partial):
        return Result(None, result.numerator, result.denominator)
    return result


def select(sums: Sums, by: By) -> Sums:
    """Keep the employees, the team, or both."""
    return sums if by == "both" else {who: each for who, each in sums.items() if (who is None) == (by == "team")}
