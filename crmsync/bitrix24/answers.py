"""What a portal's answer holds besides rows: totals, the next page, and the portal's own clock and meters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One method's answer.

    Units: `operating` in seconds of work within the portal's sliding ten minutes.
    Time: `reset_at` and `server_time` are aware, by the portal's clock; `server_time` keeps its offset.
    Empty: None where the portal sends nothing readable.
    """

    result: Any
    total: int | None = None
    next: int | None = None
    operating: float | None = None
    reset_at: datetime | None = None
    server_time: datetime | None = None


def read_answer(body: Mapping[str, Any]) -> Answer:
    """Read the envelope of a successful call."""
    return make_answer(body["result"], total=body.get("total"), next_=body.get("next"), time=body.get("time"))


def make_answer(result: Any, *, total: Any = None, next_: Any = None, time: Any = None) -> Answer:
    """Build an answer from its loose parts; `time` may be a list, which is how PHP writes an empty map."""
    meters = time if isinstance(time, dict) else {}
    operating = parse_number(meters.get("operating"))
    return Answer(
        result=result,
        total=parse_integer(total),
        next=parse_integer(next_),
        operating=None if operating is None else float(operating),
        reset_at=parse_instant(meters.get("operating_reset_at")),
        server_time=parse_instant(meters.get("date_start")),
    )


def parse_number(value: Any) -> Decimal | None:
    """Read a number or its text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def parse_integer(value: Any) -> int | None:
    """Read a whole number or its text; None for anything else."""
    if type(value) is int:
        return value if abs(value) < 2**63 else None
    number = parse_number(value)
    if number is None or abs(number) >= 2**63 or number != int(number):
        return None
    return int(number)


def parse_instant(value: Any) -> datetime | None:
    """Read Unix seconds or ISO 8601 with an offset; None for anything else, a naive time included."""
    seconds = parse_number(value)
    try:
        moment = datetime.fromtimestamp(float(seconds), UTC) if seconds is not None else datetime.fromisoformat(value)
        return moment if moment.tzinfo and moment.year > 1970 else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None
