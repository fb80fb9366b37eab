"""Exact numbers as JSON can hold them."""

from decimal import Decimal

from kpis.kpi import Number


def to_json(number: Number | None) -> int | float | None:
    """Turn an exact number into one that JSON can hold; whole amounts stay whole."""
    if isinstance(number, Decimal):
        return int(number) if number == number.to_integral_value() else float(number)
    return number
