"""When things happened: the moments that the tables leave open, and the spellings a portal gives them.

The rules are R2 to R6 of the README beside this module.
"""

from datetime import date, datetime, time, timedelta, timezone
from typing import Literal

PORTAL_OFFSET = timezone(timedelta(hours=3))
SNAPSHOT_DAY = "2017-12-31"
DAY_SECONDS = 86_400
EDGES_OF_DAY = {1: 15 * 60, 2: DAY_SECONDS - 1, 3: 0}

Evidence = Literal["history", "moved", "planned"]


def at_ten(day: str) -> datetime:
    """Place a day's event at ten in the morning of the portal's clock."""
    return datetime.combine(date.fromisoformat(day), time(10), tzinfo=PORTAL_OFFSET)


def place_closing(number: int, day: str) -> datetime:
    """Place a deal's outcome within its day: near midnight for three deals of ten, anywhere for the rest."""
    second = EDGES_OF_DAY.get(number % 10, number * 7919 % DAY_SECONDS)
    midnight = datetime.combine(date.fromisoformat(day), time(0), tzinfo=PORTAL_OFFSET)
    return midnight + timedelta(seconds=second)


def choose_evidence(number: int) -> Evidence:
    """Choose what the portal still knows of a deal's outcome."""
    return {3: "moved", 5: "planned"}.get(number % 7, "history")  # type: ignore[return-value]


def write_instant(at: datetime) -> str:
    """Write a moment with the portal's offset."""
    return at.astimezone(PORTAL_OFFSET).isoformat()


def write_day(day: date, *, number: int) -> str:
    """Write a date-only field, whose time part is noise of one of two kinds."""
    return f"{day.isoformat()}T{'03' if number % 2 else '00'}:00:00+03:00"


def write_nothing(number: int) -> str | int | None:
    """Write an empty reference in one of the spellings a portal has for it."""
    return (None, 0, "", "0")[number % 4]


def write_blank(number: int) -> str | None:
    """Write an empty text or moment in one of its two spellings."""
    return (None, "")[number % 2]
