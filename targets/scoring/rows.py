"""Reads the rows of numbers in a JSON case: tables of tiers, brackets, intervals, adjustments. Pure; section 9."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from targets.scoring.errors import ScoringError
from targets.scoring.fields import Raw, read_list, read_number, refuse
from targets.scoring.tables import Table, Tier

MOST_ROWS = 100
Built = TypeVar("Built")


def build(path: str, make: Callable[[], Built]) -> Built:
    """Build a value, and say where in the case it stands when its own checks refuse it. Raises: ScoringError."""
    try:
        return make()
    except ScoringError as error:
        raise refuse(path, str(error)) from error


def read_optional(raw: Any, *, path: str) -> Decimal | None:
    """Read a number that may be null. Raises: ScoringError."""
    return None if raw is None else read_number(raw, path=path)


def read_numbers(raw: Any, *, path: str, most: int) -> tuple[Decimal, ...]:
    """Read a list of numbers. Raises: ScoringError."""
    values = read_list(raw, path=path, most=most)
    return tuple(read_number(value, path=f"{path}[{place}]") for place, value in enumerate(values))


def read_row(raw: Any, *, path: str, width: int) -> tuple[Decimal, ...]:
    """Read a list of so many numbers. Raises: ScoringError."""
    numbers = read_numbers(raw, path=path, most=MOST_ROWS)
    if len(numbers) != width:
        raise refuse(path, _("this must have %(width)d numbers.") % {"width": width})
    return numbers


def read_interval(raw: Any, *, path: str) -> tuple[Decimal, Decimal] | None:
    """Read the two ends of an interval. Raises: ScoringError."""
    if raw is None:
        return None
    low, high = read_row(raw, path=path, width=2)
    return low, high


def read_rows(raw: Any, *, path: str, width: int) -> list[tuple[Decimal, ...]]:
    """Read rows of as many numbers each. Raises: ScoringError."""
    rows = read_list(raw, path=path, most=MOST_ROWS)
    return [read_row(row, path=f"{path}[{place}]", width=width) for place, row in enumerate(rows)]


def read_tiers(raw: Any, *, path: str) -> tuple[Tier, ...]:
    """Read tiers: from, start, slope. Raises: ScoringError."""
    return tuple(Tier(*numbers) for numbers in read_rows(raw, path=path, width=3))


def read_table(fields: Raw, *, path: str, default: Table) -> Table:
    """Read tiers and cap, each of which may be left out. Raises: ScoringError."""
    tiers, cap = fields.get("tiers"), fields.get("cap")
    if tiers is None and cap is None:
        return default
    rows = default.tiers if tiers is None else read_tiers(tiers, path=f"{path}.tiers")
    most = default.cap if cap is None else read_number(cap, path=f"{path}.cap")
    return build(f"{path}.tiers", lambda: Table(rows, most))
