"""Columns of a made-up collection: compact arrays that filter fast and render values only for the rows of a page."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crmsync.sandbox.instants import day_text, format_day, format_instants
from crmsync.sandbox.query import Condition

Array = NDArray[Any]
Rows = slice | Array
EMPTY_KEY = -np.inf


class Column(ABC):
    """One field of every record; positions run from 0 in key order."""

    ascending = False

    @abstractmethod
    def values(self, at: Array) -> Sequence[Any]:
        """Render the field for some positions as the portal would print it."""

    @abstractmethod
    def mask(self, condition: Condition, rows: Rows) -> Array:
        """Tell for each of the rows whether it satisfies a condition."""

    @abstractmethod
    def keys(self, at: Array) -> Array:
        """Return comparable values for ordering."""

    def bisect(self, operand: float, *, right: bool) -> int:
        """Return how many positions come before an operand (with those equal to it, if `right`); ascending only."""
        raise NotImplementedError


class Numbers(Column):
    """Whole numbers; `empty` is the number that stands for nothing and `shown` what is printed for it."""

    def __init__(
        self,
        array: Array,
        *,
        ascending: bool = False,
        text: bool = False,
        empty: int | None = None,
        shown: Any = None,
    ) -> None:
        self.array = array
        self.ascending = ascending
        self.text = text
        self.empty = empty
        self.shown = shown

    def values(self, at: Array) -> Sequence[Any]:
        found: list[Any] = self.array[at].tolist()
        if self.text:
            found = [str(value) for value in found]
        if self.empty is not None:
            blank = str(self.empty) if self.text else self.empty
            found = [self.shown if value == blank else value for value in found]
        return found

    def mask(self, condition: Condition, rows: Rows) -> Array:
        return compare(self.array[rows], condition, empty=self.empty if self.shown is None else None)

    def keys(self, at: Array) -> Array:
        return self.array[at].astype(np.float64)

    def bisect(self, operand: float, *, right: bool) -> int:
        # Not searchsorted: it would copy the whole array to the operand's type first.
        return (bisect_right if right else bisect_left)(self.array, operand)


class Amounts(Numbers):
    """Money and other fractions; whole ones are printed without a point."""

    def values(self, at: Array) -> Sequence[Any]:
        return [int(value) if value.is_integer() else value for value in self.array[at].tolist()]


class Instants(Column):
    """Moments in epoch seconds; 0 is none."""

    def __init__(self, array: Array, *, offset: int, ascending: bool = False, shown: Any = None) -> None:
        self.array = array
        self.offset = offset
        self.ascending = ascending
        self.shown = shown

    def values(self, at: Array) -> Sequence[Any]:
        epochs = self.array[at]
        texts = format_instants(epochs, offset=self.offset)
        if epochs.all():
            return texts
        return [text if epoch else self.shown for epoch, text in zip(epochs.tolist(), texts, strict=True)]

    def mask(self, condition: Condition, rows: Rows) -> Array:
        return compare(self.array[rows], condition, empty=0)

    def keys(self, at: Array) -> Array:
        return self.array[at].astype(np.float64)

    def bisect(self, operand: float, *, right: bool) -> int:
        # Not searchsorted: it would copy the whole array to the operand's type first.
        return (bisect_right if right else bisect_left)(self.array, operand)


class Days(Column):
    """Dates as day numbers; 0 is none. The time part they are printed with is noise."""

    def __init__(self, array: Array, *, offset: int) -> None:
        self.array = array
        self.tail = format_day(0, offset=offset)[len(day_text(0)) :]

    def values(self, at: Array) -> Sequence[Any]:
        return [day_text(day) + self.tail if day else None for day in self.array[at].tolist()]

    def mask(self, condition: Condition, rows: Rows) -> Array:
        return compare(self.array[rows], condition, empty=0)

    def keys(self, at: Array) -> Array:
        return self.array[at].astype(np.float64)


def compare(array: Array, condition: Condition, *, empty: int | None) -> Array:
    """Compare numbers with a condition's operands; nothing is neither above nor below anything."""
    operands = [empty if operand is None else operand for operand in condition.operands]
    present = np.array([operand for operand in operands if operand is not None])
    if condition.operator in ("=", "!"):
        found = np.isin(array, present) if len(present) != 1 else array == present[0]
        return ~found if condition.operator == "!" else found
    test = COMPARISONS.get(condition.operator)
    if test is None:
        return np.array([condition.accepts(value) for value in array.tolist()], dtype=bool)
    found = np.zeros(len(array), dtype=bool)
    for operand, given in zip(operands, condition.operands, strict=True):
        if given is not None:
            found |= test(array, operand)
    return found if empty is None else found & (array != empty)


COMPARISONS: dict[str, Callable[[Array, Any], Array]] = {
    ">": lambda array, operand: array > operand,
    ">=": lambda array, operand: array >= operand,
    "<": lambda array, operand: array < operand,
    "<=": lambda array, operand: array <= operand,
}
