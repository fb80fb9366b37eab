"""Writes outcomes and cases as JSON documents: results for output only, inputs so that they can be read again. Pure."""

from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from targets.scoring.canonical import simplify, write_decimal
from targets.scoring.lines import Case, Line
from targets.scoring.outcome import Outcome
from targets.scoring.rounding import round_half_up, round_money
from targets.scoring.scheme import Scheme
from targets.scoring.tables import Table
from targets.scoring.total import LineOutcome

PLACES = 6
UNBOUNDED = "unbounded"


def describe_outcome(outcome: Outcome) -> dict[str, Any]:
    """Describe an outcome in the documented shape; amounts have the currency's digits, points and percentages six."""
    return {
        "lines": [describe_line(line) for line in outcome.lines],
        "total_score": write_points(outcome.score),
        "base": write_money(outcome.base, currency=outcome.currency),
        "commission": write_money(outcome.commission, currency=outcome.currency),
        "gates_multiplier": write_decimal(outcome.multiplier),
        "adjustments": [write_money(Fraction(each), currency=outcome.currency) for each in outcome.adjustments],
        "payout": None if outcome.payout is None else f"{outcome.payout:f}",
        "carried_over": f"{outcome.carried_over:f}",
        "held": outcome.is_held,
    }


def describe_line(line: LineOutcome) -> dict[str, Any]:
    """Describe how one line came out."""
    percent = UNBOUNDED if line.attainment.is_unbounded else write_points(line.attainment.percent)
    return {
        "kpi": line.kpi,
        "state": line.state.value,
        "attainment_percent": percent,
        "score": write_points(line.score),
        "contribution": write_points(line.contribution),
    }


def write_points(value: Fraction | None) -> str | None:
    """Write points or a percentage. Empty: None stays None."""
    return None if value is None else f"{round_half_up(value, places=PLACES):f}"


def write_money(value: Fraction, *, currency: str) -> str:
    """Write an amount with the currency's digits."""
    return f"{round_money(value, currency=currency):f}"


def describe_case(case: Case) -> dict[str, Any]:
    """Describe a case so that reading it gives the same case: what a closed scorecard stores."""
    return {
        "scheme": describe_scheme(case.scheme),
        "proration": simplify(case.proration),
        "adjustments": simplify(case.adjustments),
        "lines": [describe_input(line) for line in case.lines],
    }


def describe_scheme(scheme: Scheme) -> dict[str, Any]:
    """Describe the rules of pay."""
    return {
        "base": simplify(scheme.base),
        "currency": scheme.currency,
        **describe_table(scheme.table),
        **{f"payout_{key}": value for key, value in describe_table(scheme.payout_table).items()},
        "commission": describe_commission(scheme),
        "gates": [simplify(asdict(gate)) for gate in scheme.gates],
        "gates_on": scheme.gates_on.value,
        "no_data": scheme.no_data.value,
        "maximum": simplify(scheme.maximum),
        "prorate_targets": scheme.prorates_targets,
        "prorate_base": scheme.prorates_base,
    }


def describe_table(table: Table | None) -> dict[str, Any]:
    """Describe a table. Empty: both keys are None without one."""
    if table is None:
        return {"tiers": None, "cap": None}
    tiers = [simplify((tier.from_percent, tier.start, tier.slope)) for tier in table.tiers]
    return {"tiers": tiers, "cap": simplify(table.cap)}


def describe_commission(scheme: Scheme) -> dict[str, Any] | None:
    """Describe the commission. Empty: None without one."""
    if scheme.commission is None:
        return None
    brackets = [simplify((each.from_amount, each.rate_percent)) for each in scheme.commission.brackets]
    return {"kpi": scheme.commission.kpi, "brackets": brackets}


def describe_input(line: Line) -> dict[str, Any]:
    """Describe a line with its result."""
    numbers: dict[str, Decimal | int | None] = {"actual": line.actual, "target": line.target, "weight": line.weight}
    return {
        "kpi": line.kpi,
        "better": line.better.value,
        "cumulative": line.is_cumulative,
        **{key: simplify(value) for key, value in numbers.items()},
        "sample": line.sample,
        "min_sample": line.min_sample,
        "interval": simplify(line.interval),
        **describe_table(line.table),
    }
