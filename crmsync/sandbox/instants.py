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


@lru_cache(maxsize=1)
def day_texts() -> list[str]:
    """List every day from 1970 to 2106, the span of a column of moments."""
    return [day_text(day) for day in range(2**32 // DAY_SECONDS + 2)]


@lru_cache(maxsize=1)
def minute_texts() -> list[str]:
    """List "THH:MM:" for every minute of a day."""
    return [f"T{minute // 60:02d}:{minute % 60:02d}:" for minute in range(DAY_SECONDS // 60)]


@lru_cache(maxsize=8)
def second_texts(offset: int) -> list[str]:
    """List the tail "SS+03:00" for every second of a minute."""
    return [f"{second:02d}{format_offset(offset)}" for second in range(60)]


def format_instants(epochs: NDArray[Any], *, offset: int) -> list[str]:
    """Write many moments at once, for rows rendered from columns."""
    # Three small tables stay in the processor's cache, which one table of all seconds of a day would not.
    days, minutes, seconds = day_texts(), minute_texts(), second_texts(offset)
    day, rest = np.divmod(epochs.astype(np.int64) + offset, DAY_SECONDS)
    minute, second = np.divmod(rest, 60)
    places = zip(day.tolist(), minute.tolist(), second.tolist(), strict=True)
    return [f"{days[d]}{minutes[m]}{seconds[s]}" for d, m, s in places]


def format_instant(epoch: float, *, offset: int) -> str:
    """Write one moment with the portal's offset, to the second."""
    day, rest = divmod(int(epoch // 1) + offset, DAY_SECONDS)
    return day_text(day) + minute_texts()[rest // 60] + second_texts(offset)[rest % 60]


def format_utc(epoch: float) -> str:
    """Write one moment in UTC, as server.time does."""
    return datetime.fromtimestamp(int(epoch), UTC).isoformat()


def format_day(day: int, *, offset: int) -> str:
    """Write a date-only field: midnight UTC seen from the portal, so its time part is noise."""
    rest = offset % DAY_SECONDS
    return day_text(day) + minute_texts()[rest // 60] + second_texts(offset)[rest % 60]
