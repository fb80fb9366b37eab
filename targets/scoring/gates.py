"""Gates: multipliers that cut the pay while a KPI is too low. Pure; section 4 of the algorithm."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from functools import reduce

from targets.scoring.attainment import is_below_sample
from targets.scoring.lines import Line
from targets.scoring.scheme import Bound, Gate

# Products of a hundred multipliers of sixty digits still fit, so nothing is rounded.
EXACT = Context(prec=10_000)


class GateState(StrEnum):
    """Whether a gate cuts the pay, or why it does not."""

    APPLIED = "applied"
    PASSED = "passed"
    SMALL_SAMPLE = "small_sample"
    NO_VALUE = "no_value"


@dataclass(frozen=True, slots=True)
class GateOutcome:
    """How a gate came out."""

    gate: Gate
    state: GateState


def judge_gate(gate: Gate, line: Line | None) -> GateOutcome:
    """Judge whether a gate applies, by the line of its KPI where the case has one; a cut needs a value below."""
    if line is None or line.actual is None:
        return GateOutcome(gate, GateState.NO_VALUE)
    if is_below_sample(line.sample, least=gate.min_sample):
        return GateOutcome(gate, GateState.SMALL_SAMPLE)
    is_lower = gate.bound == Bound.LOWER and line.interval is not None
    value = line.interval[0] if is_lower and line.interval else line.actual
    return GateOutcome(gate, GateState.APPLIED if value < gate.below else GateState.PASSED)


def multiply(outcomes: Iterable[GateOutcome]) -> Decimal:
    """Multiply the multipliers of the gates that apply, exact. Empty: 1."""
    applied = (outcome.gate.multiplier for outcome in outcomes if outcome.state == GateState.APPLIED)
    return reduce(EXACT.multiply, applied, Decimal(1))
