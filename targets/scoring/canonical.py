"""Canonical JSON and its hash: equal contents have equal bytes, so a stored scorecard can be proved untouched. Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from targets.scoring.errors import ScoringError


def hash_document(document: Any) -> str:
    """Return the SHA-256 of a document's canonical JSON, in hexadecimal."""
    return hashlib.sha256(write_canonical(document).encode()).hexdigest()


def write_canonical(document: Any) -> str:
    """Write canonical JSON: sorted keys, no spaces, decimals as plain strings, instants in UTC.

    Time: an instant must know its zone. Raises: ScoringError for what has no canonical form, such as a float.
    """
    plain = simplify(document)
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def simplify(value: Any) -> Any:
    """Turn a value into what JSON has: objects, lists, texts, whole numbers, true, false and null."""
    if isinstance(value, Mapping):
        return {check_key(key): simplify(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [simplify(each) for each in value]
    if isinstance(value, Enum):
        return simplify(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return write_scalar(value)


def write_scalar(value: Any) -> str:
    """Write a number or a moment that JSON has no form for. Raises: ScoringError."""
    if isinstance(value, Decimal) and value.is_finite():
        return write_decimal(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    # Only a fault of the program leads here, so nobody needs the sentence in his language.
    raise ScoringError(f"{type(value).__name__} {value!r} has no canonical form")


def write_decimal(value: Decimal) -> str:
    """Write a decimal without exponent and without zeros at its end, so that equal numbers have equal texts."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def check_key(key: Any) -> str:
    """Check that a key is a text. Raises: ScoringError."""
    if isinstance(key, str):
        return str(key)
    raise ScoringError(f"the key {key!r} is not a text")
