"""What a list call asks for: filter keys become conditions on comparable values, order becomes keys."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crmsync.sandbox.comparing import EMPTY, TESTS, comparable
from crmsync.sandbox.errors import invalid_argument
from crmsync.sandbox.schema import Schema

PAGE_SIZE = 50
UNCOUNTED = -1
OPERATOR = re.compile(r"^(!@|!%|!=|>=|<=|[=!><@%])?(.+)$", re.DOTALL)
SAME_TEST = {"": "=", "@": "=", "!=": "!", "!@": "!"}


@dataclass(frozen=True)
class Condition:
    """One part of a filter: a field, an operator and what to compare with, already comparable."""

    name: str
    kind: str
    operator: str
    operands: tuple[Any, ...]
    offset: int = 0

    def accepts(self, value: Any) -> bool:
        """Tell whether a record's raw value satisfies the condition."""
        if isinstance(value, list):
            return self._accepts_any(value)
        return self.accepts_comparable(comparable(value, kind=self.kind, offset=self.offset))

    def accepts_comparable(self, value: Any) -> bool:
        """Tell whether an already comparable value satisfies the condition."""
        test = TESTS[self.operator]
        return any(test(value, operand) for operand in self.operands) ^ self.operator.startswith("!")

    def _accepts_any(self, values: list[Any]) -> bool:
        wanted = [comparable(item, kind=self.kind, offset=self.offset) for item in values]
        return any(item in self.operands for item in wanted) ^ self.operator.startswith("!")


@dataclass(frozen=True)
class Query:
    """One list call: conditions, order, fields wanted, and where the page starts."""

    conditions: tuple[Condition, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    names: tuple[str, ...] = ()
    start: int = 0
    size: int = PAGE_SIZE


def split_operator(key: str) -> tuple[str, str]:
    """Split ">=createdTime" into its operator and field; spellings of one test become one."""
    match = OPERATOR.match(key)
    operator, name = (match[1] or "", match[2]) if match else ("", key)
    return SAME_TEST.get(operator, operator), name


def make_condition(key: str, value: Any, *, schema: Schema, offset: int, strict: bool) -> Condition | None:
    """Make one condition of a filter entry.

    Empty: None when the portal would ignore the entry: an unknown field or a moment it cannot read.
    Raises: RestError for such an entry when strict, as crm.item.* does.
    """
    operator, name = split_operator(key)
    kind = schema.kind_of(name)
    if kind is None:
        _refuse(f"Invalid filter: field '{name}' is not allowed in filter", strict=strict)
        return None
    values = value if isinstance(value, list) else [value]
    operands = tuple(comparable(item, kind=kind, offset=offset) for item in values)
    if kind in ("datetime", "date") and any(
        made is None and raw not in EMPTY for made, raw in zip(operands, values, strict=True)
    ):
        _refuse(f"Invalid filter: wrong value of field '{name}'", strict=strict)
        return None
    return Condition(name, kind, operator, operands, offset)


def _refuse(description: str, *, strict: bool) -> None:
    if strict:
        raise invalid_argument(description)


def make_conditions(
    entries: Mapping[str, Any], *, schema: Schema, offset: int, strict: bool = False
) -> tuple[Condition, ...]:
    """Make the conditions of a whole filter."""
    made = (make_condition(key, value, schema=schema, offset=offset, strict=strict) for key, value in entries.items())
    return tuple(condition for condition in made if condition is not None)


def make_order(entries: Mapping[str, Any], *, schema: Schema, strict: bool = False) -> tuple[tuple[str, bool], ...]:
    """Make (field, descending) pairs; unknown fields are refused when strict and dropped otherwise."""
    pairs = []
    for name, direction in entries.items():
        if schema.kind_of(name) is not None:
            pairs.append((name, str(direction).strip().upper().startswith("DESC")))
        else:
            _refuse(f"Invalid order: field '{name}' is not allowed in order", strict=strict)
    return tuple(pairs)
