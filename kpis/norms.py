"""Where a value stands against its norm. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from statistics import median

from kpis.kpi import Kpi, Norm, NormKind, Number
from kpis.units import Direction

# With fewer earlier values the middle one says nothing.
LEAST_HISTORY = 3


class Position(Enum):
    """Below, within or above the norm; a single level is its own range."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Standing:
    """The levels that a value is judged by, where it stands, and whether that is as it should be.

    Empty: no position and no judgement without a value or a level.
    """

    norm: Norm
    low: Number | None = None
    high: Number | None = None
    position: Position | None = None
    is_met: bool | None = None


def judge(kpi: Kpi, value: Number | None, *, history: Sequence[Number | None] = ()) -> Standing:
    """Judge a value by figures, or by the middle of earlier values where the norm is the own history."""
    norm = kpi.norm
    low, high = norm.low, norm.high
    if norm.kind == NormKind.OWN_HISTORY:
        known = [Decimal(each) for each in history if each is not None]
        low = high = median(known) if len(known) >= LEAST_HISTORY else None
    if value is None or (low is None and high is None):
        return Standing(norm, low, high)
    position = place(value, low, high, is_strict=norm.is_strict)
    bad = Position.BELOW if kpi.direction == Direction.UP else Position.ABOVE
    return Standing(norm, low, high, position, position != bad)


def place(value: Number, low: Number | None, high: Number | None, *, is_strict: bool) -> Position:
    """Place a value against a range that may be open on one side; a strict level is not met by itself."""
    if low is not None and (value < low or (is_strict and value == low)):
        return Position.BELOW
    if high is not None and (value > high or (is_strict and value == high and low is None)):
        return Position.ABOVE
    return Position.WITHIN
