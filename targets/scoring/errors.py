"""What is said when something cannot be scored, and the checks that several rules share. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext as _

Number = int | Decimal | Fraction


class ScoringError(ValueError):
    """Rules or inputs that cannot be scored; the text is one sentence that says what is wrong."""


def check_least(name: str, value: Number, *, least: int = 0) -> None:
    """Check that a number is not too small. Raises: ScoringError."""
    if value < least:
        told = {"name": name, "least": least, "value": value}
        raise ScoringError(_("%(name)s must be %(least)s or more, not %(value)s.") % told)


def check_most(name: str, value: Number, *, most: int) -> None:
    """Check that a number is not too great. Raises: ScoringError."""
    if value > most:
        told = {"name": name, "most": most, "value": value}
        raise ScoringError(_("%(name)s must be %(most)s or less, not %(value)s.") % told)


def check_rising(starts: Sequence[Decimal]) -> None:
    """Check that tiers or brackets begin at 0 and that each begins after the one before. Raises: ScoringError."""
    if not starts:
        raise ScoringError(_("A table needs at least one row."))
    if starts[0] != 0:
        raise ScoringError(_("The first row must begin at 0, not at %(value)s.") % {"value": starts[0]})
    for before, value in pairwise(starts):
        if value <= before:
            told = {"before": before, "value": value}
            raise ScoringError(_("Rows must rise: the one from %(value)s follows the one from %(before)s.") % told)
