"""With which earlier days a period is compared: the one before, the same a year before, as far as it has run."""

from datetime import date, timedelta

from kpis.periods import NAME, UNITS, Period, build_period, day_of


def previous(period: Period) -> Period:
    """Return the day, week, month, quarter or year before; before any other span, as many days as it has."""
    numbers = read_numbers(period)
    if not numbers:
        return span(period.start - (period.end - period.start), period.start)
    unit = next(unit for unit in UNITS if unit in numbers)
    return UNITS[unit](period.start - timedelta(days=1))


def year_before(period: Period) -> Period:
    """Return the same day, month, quarter, year or ISO week a year before; of any other span, the same dates.

    Time: what that year lacks is replaced by what comes before it: week 53 by week 52, 29 by 28 February.
    """
    numbers = read_numbers(period)
    if not numbers:
        last = move_year_back(period.end - timedelta(days=1))
        return span(move_year_back(period.start), last + timedelta(days=1))
    if "day" in numbers:
        return day_of(move_year_back(period.start))
    if "week" in numbers:
        weeks = date(numbers["year"] - 1, 12, 28).isocalendar().week
        return build_period({"year": numbers["year"] - 1, "week": min(numbers["week"], weeks)})
    return build_period(numbers | {"year": numbers["year"] - 1})


def read_numbers(period: Period) -> dict[str, int]:
    """Read the numbers of a period's key. Empty: when the days are not those that the key alone describes."""
    match = NAME.fullmatch(period.key)
    numbers = {part: int(value) for part, value in match.groupdict().items() if value} if match else {}
    try:
        return numbers if numbers and build_period(numbers) == period else {}
    except ValueError:
        return {}


def span(start: date, end: date) -> Period:
    """Return free days as a period: the key names the first and the last one, or the only one."""
    first, last = start.isoformat(), (end - timedelta(days=1)).isoformat()
    return Period(start, end, first if first == last else f"{first}..{last}")


def move_year_back(day: date) -> date:
    """Return the same date a year before, 28 February for the 29th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def cut(period: Period, *, days: int) -> Period:
    """Keep the first days of a period, all of them when it has no more; the key stays.

    Raises: ValueError for fewer than no days.
    """
    if days < 0:
        raise ValueError(days)
    return Period(period.start, period.start + min(timedelta(days=days), period.end - period.start), period.key)


def elapsed_days(period: Period, today: date) -> int | None:
    """Count the days of a running period that have begun, today's included.

    Empty: None when the period is over, 0 when it has not begun.
    """
    return None if today >= period.end else max((today - period.start).days + 1, 0)


def keep_pace(earlier: Period, *, period: Period, today: date) -> Period:
    """Cut an earlier period to as many days as have begun of a running one; leave it whole when that one is over."""
    days = elapsed_days(period, today)
    return earlier if days is None else cut(earlier, days=days)
