"""Mistakes that the product could make: what to plant, each of which the comparison must find."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from targets.scoring import attainment, case, gates, outcome, payout, results, total
from targets.scoring.rounding import round_half_up
from targets.scoring.tables import Table

right_find, right_settle, right_round = Table.find_score, payout.settle, round_half_up
right_judge, right_weigh, right_commission = gates.judge_gate, total.weigh, payout.compute_commission


def find_just_below(table: Table, percent: Fraction) -> Fraction:
    """Take a tier only above its beginning."""
    return right_find(table, percent - Fraction(1, 10**9)) if percent else right_find(table, percent)


def forget_cap(table: Table, percent: Fraction) -> Fraction:
    """Score without a cap."""
    return right_find(Table(table.tiers), percent)


def weigh_all(scores: Any, weights: Any) -> Any:
    """Keep the weights of lines that do not count in the sum."""
    return [
        score * weight / (sum(weights) or 1) if score is not None else None
        for score, weight in zip(scores, weights, strict=True)
    ]


def weigh_by_hundred(scores: Any, weights: Any) -> Any:
    """Take for granted that weights make a hundred."""
    return [None if part is None else part * sum(weights) / 100 for part in right_weigh(scores, weights)]


def forget_debt(due: Fraction, **rest: Any) -> Any:
    """Carry nothing over."""
    return payout.Settlement(right_settle(due, **rest).paid, Fraction(0))


def round_to_even(value: Fraction, *, places: int) -> Decimal:
    """Round halves as bankers do."""
    return Decimal(f"{round(value * 10**places)}e-{places}")


def round_early(*rest: Any) -> Fraction:
    """Round the commission before it is added."""
    return Fraction(right_round(right_commission(*rest), places=2))


def rate_everything(value: Any, brackets: Any) -> Fraction:
    """Let the highest rate that is reached act on the whole value."""
    reached = [row for row in brackets if value is not None and row.from_amount <= value]
    return Fraction(value) * Fraction(reached[-1].rate_percent) / 100 if reached else Fraction(0)


def include_limit(gate: Any, line: Any) -> Any:
    """Let a gate apply at its level, too."""
    return right_judge(gate, line) if line is None or line.actual != gate.below else gates.GateOutcome(gate, "applied")  # type: ignore[arg-type]


def see_points_only(gate: Any, line: Any) -> Any:
    """Compare the value whatever the gate says."""
    return gates.GateOutcome(
        gate, right_judge(type(gate)(**pick(gate, "kpi", "below", "multiplier", "min_sample")), line).state
    )


def pick(value: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def never_few(sample: Any, *, least: int) -> bool:
    """Overlook small samples."""
    return False


def prorate_all(line: Any, *, share: Fraction) -> Any:
    """Prorate every target."""
    return line.target and Fraction(line.target) * share or None


def gate_all(base: Any, commission: Any, *, multiplier: Any, gates_on: Any) -> Any:
    """Let gates act on the commission whatever the scheme says."""
    return Fraction(multiplier) * (base + commission)


MISTAKES: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "a tier begins above its edge": (Table, "find_score", find_just_below),
    "no cap": (Table, "find_score", forget_cap),
    "weights of lines without data stay": (total, "weigh", weigh_all),
    "weights make a hundred": (total, "weigh", weigh_by_hundred),
    "debts are forgotten": (outcome, "settle", forget_debt),
    "halves to even, points": (results, "round_half_up", round_to_even),
    "halves to even, money": (outcome, "round_money", lambda value, currency: round_to_even(value, places=2)),
    "commission rounded early": (outcome, "compute_commission", round_early),
    "rate on the whole value": (outcome, "compute_commission", rate_everything),
    "gate at its level": (outcome, "judge_gate", include_limit),
    "bound overlooked": (outcome, "judge_gate", see_points_only),
    "small samples of gates overlooked": (gates, "is_below_sample", never_few),
    "small samples of lines overlooked": (attainment, "is_below_sample", never_few),
    "every target prorated": (attainment, "prorate_target", prorate_all),
    "gates on commission always": (outcome, "apply_gates", gate_all),
    "no own tables": (case, "read_table", lambda fields, path, default: default),
}
