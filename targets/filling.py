"""Filling a column down: an empty cell takes the value above it. Pure."""

from collections.abc import Sequence
from typing import TypeVar

Value = TypeVar("Value")


def fill_down(column: Sequence[Value | None]) -> list[Value | None]:
    """Fill each empty place with the nearest value above it. Empty: None above the first value."""
    filled: list[Value | None] = []
    for value in column:
        filled.append(value if value is not None or not filled else filled[-1])
    return filled
