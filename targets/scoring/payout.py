"""From the total score to money: base, commission and the limits of a payout. Pure; sections 4 and 5."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from targets.scoring.proration import prorate_base
from targets.scoring.scheme import Bracket, GatesOn, Scheme

NOTHING = Fraction(0)
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is paid, and what is left for a later period; exact. Units: money, signed."""

    paid: Fraction
    carried_over: Fraction


def compute_base(scheme: Scheme, score: Fraction, *, share: Fraction) -> Fraction:
    """Compute the part of the base amount that a total score earns, before gates."""
    percent = score if scheme.payout_table is None else scheme.payout_table.find_score(score)
    return prorate_base(scheme.base, share=share) * percent / HUNDRED


def compute_commission(value: Decimal | None, brackets: Sequence[Bracket]) -> Fraction:
    """Compute each bracket's rate on its own part of a value. Empty: no value, or one below 0, earns nothing."""
    if value is None or value <= 0:
        return NOTHING
    amount = Fraction(value)
    starts = [Fraction(bracket.from_amount) for bracket in brackets]
    ends = [*starts[1:], max(amount, starts[-1])]
    parts = (max(NOTHING, min(amount, end) - start) for start, end in zip(starts, ends, strict=True))
    return (
        sum((part * Fraction(row.rate_percent) for part, row in zip(parts, brackets, strict=True)), NOTHING) / HUNDRED
    )


def apply_gates(base: Fraction, commission: Fraction, *, multiplier: Decimal, gates_on: GatesOn) -> Fraction:
    """Multiply what the gates act on, and add up."""
    factor = Fraction(multiplier)
    return factor * (base + commission) if gates_on == GatesOn.ALL else factor * base + commission


def settle(due: Fraction, *, maximum: Decimal | None) -> Settlement:
    """Limit what is due to between 0 and the maximum; what is below 0 is left for later, what is above is not."""
    most = due if maximum is None else min(due, Fraction(maximum))
    return Settlement(max(NOTHING, most), min(NOTHING, due))
