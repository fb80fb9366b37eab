"""Which share of a period was worked, and what it is applied to. Pure."""

from decimal import Decimal
from fractions import Fraction

from targets.scoring.errors import check_least, check_most
from targets.scoring.lines import Line

ONE = Fraction(1)


def share_period(*, worked_days: int, working_days: int) -> Fraction:
    """Compute the share of a period that was worked, exact: 15 of 22 days have no decimal.

    Empty: a period without working days is worked in full. Raises: ScoringError for days that cannot be.
    """
    check_least("worked_days", worked_days)
    check_most("worked_days", worked_days, most=working_days)
    return Fraction(worked_days, working_days) if working_days else ONE


def prorate_target(line: Line, *, share: Fraction) -> Fraction | None:
    """Compute the target that a line is judged against: a cumulative one's in proportion to the time worked.

    Empty: None without a target, and where none of it falls to the time worked.
    """
    if line.target is None:
        return None
    target = Fraction(line.target)
    return (target * share if line.is_cumulative else target) or None


def prorate_base(base: Decimal, *, share: Fraction) -> Fraction:
    """Compute the base amount for the time worked."""
    return Fraction(base) * share
