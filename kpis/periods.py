"""All calendar arithmetic: a period's name becomes a half-open span of days, which splits into parts.

Stands before every stage that asks "when"; days are the portal's own, instants appear only in `bounds`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

Every = Literal["day", "week", "month", "quarter"]
EVERY: tuple[Every, ...] = ("day", "week", "month", "quarter")
# Beyond these years a period is a slip of the keyboard, and the calendar's own ends overflow.
YEARS = range(1900, 3000)
NAME = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>[0-9]{2})|(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?))?",
    re.IGNORECASE,
)


class PeriodError(ValueError):
    """A name that no period has; the text is a translated sentence that says what to write."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to, and without, `end`; `key` is how people write the period."""

    start: date
    end: date
    key: str

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return self.key


def parse_period(text: str) -> Period:
    """Read 2026, 2026-Q3, 2026-10, 2026-W41 or 2026-10-05; q and w may be small.

    Raises: PeriodError for anything else, days and weeks that the calendar lacks included.
    """
    match = NAME.fullmatch(text.strip())
    try:
        if not match or int(match["year"]) not in YEARS:
            raise ValueError(text)
        return build_period({part: int(value) for part, value in match.groupdict().items() if value})
    except ValueError as error:
        raise PeriodError(
            _(
                "There is no period “%(text)s”: write a year 2026, a quarter 2026-Q3, a month 2026-10, "
                "a week 2026-W41 or a day 2026-10-05."
            )
            % {"text": text}
        ) from error


def build_period(numbers: dict[str, int]) -> Period:
    """Build the period that the numbers of its name describe.

    Raises: ValueError for a day or week that the calendar lacks.
    """
    year = numbers["year"]
    if "quarter" in numbers:
        return quarter_of(date(year, numbers["quarter"] * 3, 1))
    if "week" in numbers:
        return week_of(date.fromisocalendar(year, numbers["week"], 1))
    if "day" in numbers:
        return day_of(date(year, numbers["month"], numbers["day"]))
    if "month" in numbers:
        return month_of(date(year, numbers["month"], 1))
    return year_of(date(year, 1, 1))


def day_of(day: date) -> Period:
    """Return the day itself as a period."""
    return Period(day, day + timedelta(days=1), day.isoformat())


def week_of(day: date) -> Period:
    """Return the ISO week, Monday to Sunday, that holds the day."""
    year, week, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return Period(monday, monday + timedelta(days=7), f"{year}-W{week:02d}")


def month_of(day: date) -> Period:
    """Return the calendar month that holds the day."""
    return Period(day.replace(day=1), add_months(day, 1), f"{day:%Y-%m}")


def quarter_of(day: date) -> Period:
    """Return the calendar quarter that holds the day."""
    number = (day.month - 1) // 3
    first = date(day.year, number * 3 + 1, 1)
    return Period(first, add_months(first, 3), f"{day.year}-Q{number + 1}")


def year_of(day: date) -> Period:
    """Return the calendar year that holds the day."""
    return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1), str(day.year))


UNITS = {"day": day_of, "week": week_of, "month": month_of, "quarter": quarter_of, "year": year_of}


def add_months(day: date, count: int) -> date:
    """Return the first day of the month `count` months after the day's own."""
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def split(period: Period, *, every: Every) -> list[Period]:
    """Cut the period into days, ISO weeks, months or quarters.

    Shape: in order, without gap or overlap; a unit that crosses an edge is cut to it and keeps
    its own key, so a period inside one unit gives one part under that unit's key.
    """
    parts, day = [], period.start
    while day < period.end:
        unit = UNITS[every](day)
        parts.append(Period(day, min(unit.end, period.end), unit.key))
        day = unit.end
    return parts


def month_starts(period: Period) -> list[date]:
    """List the first day of every month that the period touches."""
    return [month_of(part.start).start for part in split(period, every="month")]


def is_whole_months(period: Period) -> bool:
    """Say whether the period begins and ends where months do."""
    return period.start.day == 1 and period.end.day == 1


def bounds(period: Period, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instant of the period and the first one after it.

    Time: aware UTC, half-open; a midnight that the zone skips or repeats is its first instant.
    """
    # fold=0 takes the offset before the change, which is that first instant in both cases.
    start, end = (datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (period.start, period.end))
    return start, end
