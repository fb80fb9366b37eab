"""The lines of money that a scorecard shows: they add up to the payout, to the last kopeck. Pure; section 6."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from targets.scoring.outcome import Outcome
from targets.scoring.rounding import round_money

NOTHING = Fraction(0)


class Kind(StrEnum):
    """What a shown amount is."""

    BASE = "base"
    COMMISSION = "commission"
    GATES = "gates"
    ADJUSTMENT = "adjustment"
    ABOVE_MAXIMUM = "above_maximum"
    CARRIED_OVER = "carried_over"
    ROUNDING = "rounding"


ALWAYS_SHOWN = (Kind.BASE, Kind.COMMISSION, Kind.ADJUSTMENT)


@dataclass(frozen=True, slots=True)
class Amount:
    """One shown line. Units: the currency, rounded to its minor unit; taken away when negative."""

    kind: Kind
    amount: Decimal


def list_amounts(outcome: Outcome) -> tuple[Amount, ...]:
    """List the amounts that lead to the payout; what the roundings of single lines leave is a line of its own.

    Shape: base, commission, gates, each adjustment, limits, rounding; the last three only where there is something.
    Empty: while the payout is held there is none to lead to, so neither limits nor rounding.
    """
    rounded = [Amount(kind, round_money(value, currency=outcome.currency)) for kind, value in list_parts(outcome)]
    shown = [part for part in rounded if part.amount or part.kind in ALWAYS_SHOWN]
    if outcome.payout is None:
        return tuple(shown)
    left = Fraction(outcome.payout) - sum((Fraction(part.amount) for part in shown), NOTHING)
    rest = [Amount(Kind.ROUNDING, round_money(left, currency=outcome.currency))] if left else []
    return (*shown, *rest)


def list_parts(outcome: Outcome) -> Iterator[tuple[Kind, Fraction]]:
    """List the exact parts of the payout; their sum is what is paid before it is rounded."""
    yield Kind.BASE, outcome.base
    yield Kind.COMMISSION, outcome.commission
    yield Kind.GATES, outcome.earned - outcome.base - outcome.commission
    for adjustment in outcome.adjustments:
        yield Kind.ADJUSTMENT, Fraction(adjustment)
    if not outcome.is_held:
        yield Kind.ABOVE_MAXIMUM, outcome.settlement.paid + outcome.settlement.carried_over - outcome.due
        yield Kind.CARRIED_OVER, -outcome.settlement.carried_over
