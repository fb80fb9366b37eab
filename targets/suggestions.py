"""What an employee's own past suggests for his target: the median, the growth, how often a target was met. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from kpis.kpi import Kpi, Number
from kpis.units import Direction, Unit
from targets.numbers import find_step

LAST = 6
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the last periods suggest. Units: the KPI's, rounded to what it is planned in; growth in percent.

    Empty: None where too few periods have a value, and for what is not greater than zero.
    """

    periods: int
    median: Decimal | None
    growth: Decimal | None
    value: Decimal | None
    grown: Decimal | None


def suggest(kpi: Kpi, values: Sequence[Number | None], *, last: int = LAST) -> Suggestion:
    """Suggest a target from the values of periods that are over, oldest first.

    The suggestion is the median of the last ones, which one lucky period does not move. Growth compares the median
    of their newer half with that of the older; `grown` carries it on from the median once.
    """
    known = [Decimal(value) for value in values[-last:] if value is not None]
    middle = median(known) if known else None
    growth = find_growth(known)
    grown = middle * (HUNDRED + growth) / HUNDRED if middle is not None and growth is not None else None
    return Suggestion(len(known), middle, growth, propose(kpi, middle), propose(kpi, grown))


def find_growth(values: Sequence[Decimal]) -> Decimal | None:
    """Compare the median of the newer half with that of the older one. Empty: None below four values, and from zero."""
    half = len(values) // 2
    if half < 2:
        return None
    older, newer = median(values[:half]), median(values[-half:])
    return (newer - older) * HUNDRED / older if older > 0 else None


def propose(kpi: Kpi, value: Decimal | None) -> Decimal | None:
    """Round a proposal to what the KPI is planned in. Empty: None for what would be no target."""
    if value is None:
        return None
    step = find_step(kpi.unit)
    if kpi.unit == Unit.MONEY and value > 0:
        # Nobody promises an amount to the rouble: three digits say what a median can.
        step = max(step, Decimal(1).scaleb(value.adjusted() - 2))
    rounded = (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return rounded if rounded > 0 else None


def count_met(kpi: Kpi, values: Sequence[Number | None], target: Decimal) -> tuple[int, int]:
    """Count the periods that would have met a target, and those that have a value at all."""
    known = [value for value in values if value is not None]
    return sum(1 for value in known if is_met(kpi, value, target)), len(known)


def is_met(kpi: Kpi, value: Number, target: Decimal) -> bool:
    """Say whether a value meets a target."""
    return value <= target if kpi.direction == Direction.DOWN else value >= target
