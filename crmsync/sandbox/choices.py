"""Columns that store little or nothing: consecutive ids, a few choices, values worked out from the position."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from crmsync.sandbox.columns import Array, Column, Rows, compare
from crmsync.sandbox.query import Condition


class Serial(Column):
    """Consecutive ids, worked out instead of stored."""

    ascending = True

    def __init__(self, *, length: int, first: int = 1, text: bool = False) -> None:
        self.length = length
        self.first = first
        self.text = text

    def values(self, at: Array) -> Sequence[Any]:
        found: list[Any] = (at + self.first).tolist()
        return [str(number) for number in found] if self.text else found

    def mask(self, condition: Condition, rows: Rows) -> Array:
        at = np.arange(*rows.indices(self.length)) if isinstance(rows, slice) else rows
        return compare(at + self.first, condition, empty=None)

    def keys(self, at: Array) -> Array:
        return (at + self.first).astype(np.float64)

    def bisect(self, operand: float, *, right: bool) -> int:
        place = operand - self.first
        return min(self.length, max(0, int(place // 1) + 1 if right else -int(-place // 1)))


class Choices(Column):
    """One of a few values; a condition is tried on each value once."""

    def __init__(self, codes: Array, choices: Sequence[Any]) -> None:
        self.codes = codes
        self.choices = list(choices)

    def values(self, at: Array) -> Sequence[Any]:
        choices = self.choices
        return [choices[code] for code in self.codes[at].tolist()]

    def mask(self, condition: Condition, rows: Rows) -> Array:
        accepted = np.array([condition.accepts(choice) for choice in self.choices], dtype=bool)
        return accepted[self.codes[rows]]

    def keys(self, at: Array) -> Array:
        return np.array(["" if choice is None else str(choice) for choice in self.choices])[self.codes[at]]


class Derived(Column):
    """Values worked out from the position, for fields that are rarely asked for and never indexed."""

    def __init__(self, function: Callable[[Array], Sequence[Any]], *, length: int) -> None:
        self.function = function
        self.length = length

    def values(self, at: Array) -> Sequence[Any]:
        return self.function(at)

    def mask(self, condition: Condition, rows: Rows) -> Array:
        at = np.arange(*rows.indices(self.length)) if isinstance(rows, slice) else rows
        return np.array([condition.accepts(value) for value in self.function(at)], dtype=bool)

    def keys(self, at: Array) -> Array:
        return np.array(["" if value is None else str(value) for value in self.function(at)])


def by_number(function: Callable[[int], Any], *, length: int) -> Derived:
    """Make a column whose values follow from the record's number, 1 at position 0."""
    return Derived(lambda at: [function(number) for number in (at + 1).tolist()], length=length)


class Constant(Derived):
    """The same value everywhere."""

    def __init__(self, value: Any, *, length: int) -> None:
        super().__init__(lambda at: [value] * len(at), length=length)
        self.value = value

    def mask(self, condition: Condition, rows: Rows) -> Array:
        size = len(range(*rows.indices(self.length))) if isinstance(rows, slice) else len(rows)
        return np.full(size, condition.accepts(self.value))
