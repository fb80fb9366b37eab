"""JSON bodies: how parameters are written, and what of an answer is believed to be JSON."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any


def encode_body(params: Mapping[str, Any]) -> bytes:
    """Write parameters as JSON; dates and instants as ISO 8601."""
    return json.dumps(params, ensure_ascii=False, default=encode_special).encode()


def encode_special(value: Any) -> str:
    """Write what JSON has no type for."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be a parameter")


def decode_body(content: bytes) -> dict[str, Any] | None:
    """Read a JSON object, its fractions as Decimal; None for anything else."""
    try:
        body = json.loads(content.decode(), parse_float=Decimal, parse_constant=refuse_constant)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return body if isinstance(body, dict) else None


def refuse_constant(name: str) -> None:
    """Refuse NaN and the infinities, which Python reads although JSON has none."""
    raise ValueError(name)


def is_error(body: Mapping[str, Any]) -> bool:
    """Tell an error envelope, whatever its status; an empty `error` beside a result is none."""
    return "error" in body and (bool(body["error"]) or "result" not in body)
