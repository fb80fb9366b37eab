"""How much of its target a line has attained, or why that cannot be said. Pure; section 1 of the algorithm."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from targets.scoring.lines import Better, Line
from targets.scoring.proration import prorate_target

HUNDRED = 100
NOTHING = Fraction(0)


class State(StrEnum):
    """Whether a line has an attainment, or what it lacks."""

    SCORED = "scored"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Attainment:
    """Units: percent. Empty: a scored line without a percentage is unbounded, the other states have none."""

    state: State
    percent: Fraction | None = None

    @property
    def is_unbounded(self) -> bool:
        """Whether no percentage is great enough: of what should be low there is nothing at all."""
        return self.state == State.SCORED and self.percent is None


NO_TARGET, NO_DATA, UNBOUNDED = Attainment(State.NO_TARGET), Attainment(State.NO_DATA), Attainment(State.SCORED)


def judge_line(line: Line, *, share: Fraction) -> Attainment:
    """Judge a line's result against its target, prorated by the share of the period that was worked."""
    target = prorate_target(line, share=share)
    if target is None:
        return NO_TARGET
    if line.actual is None or is_below_sample(line.sample, least=line.min_sample):
        return NO_DATA
    return compare(Fraction(line.actual), target, better=line.better)


def is_below_sample(sample: int | None, *, least: int) -> bool:
    """Tell whether a sample is too small. Empty: a KPI that counts no sample cannot miss a minimum."""
    return sample is not None and sample < least


def compare(actual: Fraction, target: Fraction, *, better: Better) -> Attainment:
    """Compute the attainment of a target above 0."""
    if better == Better.HIGHER:
        return Attainment(State.SCORED, max(NOTHING, actual / target * HUNDRED))
    if actual <= 0:
        # Less than nothing is not worse than nothing.
        return UNBOUNDED
    return Attainment(State.SCORED, target / actual * HUNDRED)
