"""Moments as the portal writes and reads them: epoch seconds inside, ISO 8601 with the portal's offset outside."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

DAY_SECONDS = 86_400
DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")


def parse_offset(text: str) -> int:
    """Turn "+03:00" into seconds.

    Raises: ValueError when the text is not an offset.
    """
    match = OFFSET.fullmatch(text)
    if not match:
        raise ValueError(f"not an offset like +03:00: {text!r}")
    sign = -1 if match[1] == "-" else 1
    return sign * (int(match[2]) * 3600 + int(match[3]) * 60)


def format_offset(offset: int) -> str:
    """Write seconds as "+03:00"."""
    minutes = abs(offset) // 60
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


def parse_instant(value: Any, *, offset: int) -> float | None:
    """Read a moment; a naive one belongs to the portal's zone, a bare date is its midnight.

    Units: epoch seconds. Empty: None for anything that is not a moment.
    """
    return _parse_text(value, offset) if isinstance(value, str) else None


@lru_cache(maxsize=200_000)
def _parse_text(text: str, offset: int) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone(timedelta(seconds=offset)))
    return moment.timestamp()


def epoch_of(value: Any, *, offset: int) -> float:
    """Accept an aware datetime, an ISO text or epoch seconds.

    Raises: ValueError for anything else.
    """
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, int | float):
        return float(value)
    parsed = parse_instant(value, offset=offset)
    if parsed is None:
        raise ValueError(f"not a moment: {value!r}")
    return parsed


def day_of(epoch: float, *, offset: int) -> int:
    """Return the number of the portal's day that holds the moment (day 0 is 1970-01-01)."""
    return int((epoch + offset) // DAY_SECONDS)


@lru_cache(maxsize=100_000)
def day_text(day: int) -> str:
    """Write a day number as YYYY-MM-DD."""
    return date.fromordinal(719_163 + day).isoformat()


@lru_cache(maxsize=8)
def clock_texts(offset: int) -> list[str]:
    """List the tail "THH:MM:SS+03:00" for every second of a day."""
    tail = format_offset(offset)
    return [f"T{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}{tail}" for s in range(DAY_SECONDS)]


@lru_cache(maxsize=1)
def day_texts() -> list[str]:
    """List every day from 1970 to 2106, the span of a column of moments."""
    return [day_text(day) for day in range(2**32 // DAY_SECONDS + 2)]


def format_instants(epochs: NDArray[Any], *, offset: int) -> list[str]:
    """Write many moments at once, for rows rendered from columns."""
    days, seconds = np.divmod(epochs.astype(np.int64) + offset, DAY_SECONDS)
    dates, tails = day_texts(), clock_texts(offset)
    return [dates[day] + tails[second] for day, second in zip(days.tolist(), seconds.tolist(), strict=True)]


def format_instant(epoch: float, *, offset: int) -> str:
    """Write one moment with the portal's offset, to the second."""
    at = int(epoch // 1) + offset
    return day_text(at // DAY_SECONDS) + clock_texts(offset)[at % DAY_SECONDS]


def format_utc(epoch: float) -> str:
    """Write one moment in UTC, as server.time does."""
    return datetime.fromtimestamp(int(epoch), UTC).isoformat()


def format_day(day: int, *, offset: int) -> str:
    """Write a date-only field: midnight UTC seen from the portal, so its time part is noise."""
    return day_text(day) + clock_texts(offset)[offset % DAY_SECONDS]
