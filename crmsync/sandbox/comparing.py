"""How values compare: raw ones become numbers, moments, days or texts, and operators test them."""

import re
from collections.abc import Callable
from typing import Any

from crmsync.sandbox.instants import day_of, parse_instant

LEADING_NUMBER = re.compile(r"\s*-?\d+(\.\d+)?")
NUMBERS = {
    *("integer", "double", "user", "crm_category"),
    *("crm_company", "crm_contact", "crm_lead"),
}
EMPTY = (None, "", False)


def comparable(value: Any, *, kind: str, offset: int) -> Any:
    """Turn a raw value into something that compares by meaning.

    Units: epoch seconds for moments, day numbers for dates. Empty: None for nothing, whatever its spelling.
    """
    if kind in NUMBERS:
        return _number(value)
    if kind == "truth":
        return value in (True, 1, "1", "Y", "true")
    if value in EMPTY:
        return None
    if kind == "datetime":
        return parse_instant(value, offset=offset)
    if kind == "date":
        at = parse_instant(value, offset=offset)
        return None if at is None else day_of(at, offset=offset)
    return str(value)


def _number(value: Any) -> float | int | None:
    if value is None or value is False or value == "":
        return None
    if isinstance(value, int | float):
        return value
    # The portal casts as PHP does: text without a leading number is 0, so junk restarts a walk.
    match = LEADING_NUMBER.match(str(value))
    if not match:
        return 0
    return float(match[0]) if match[1] else int(match[0])


def _above(value: Any, operand: Any) -> bool:
    return value is not None and operand is not None and value > operand


def _below(value: Any, operand: Any) -> bool:
    return value is not None and operand is not None and value < operand


def _equal(value: Any, operand: Any) -> bool:
    return value == operand


def _contains(value: Any, operand: Any) -> bool:
    return str(operand).lower() in str(value or "").lower()


TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _equal,
    "!": _equal,
    ">": _above,
    "<": _below,
    ">=": lambda value, operand: _above(value, operand) or _equal(value, operand),
    "<=": lambda value, operand: _below(value, operand) or _equal(value, operand),
    "%": _contains,
    "!%": _contains,
}
