"""The oracle's clocks: how long something took on the wall's, and in hours of work from Monday to Friday."""

from datetime import UTC, datetime, time, timedelta, tzinfo

OPENS, CLOSES = time(9), time(18)


def count_seconds(start: datetime, end: datetime) -> int:
    """Count the seconds between two moments."""
    return int((end - start).total_seconds())


def count_work_seconds(start: datetime, end: datetime, *, zone: tzinfo) -> int:
    """Count the seconds between two moments that lie in working hours, day by day."""
    day, total = start.astimezone(zone).date(), timedelta()
    while day <= end.astimezone(zone).date():
        if day.weekday() < 5:
            opens, closes = (datetime.combine(day, hour, tzinfo=zone).astimezone(UTC) for hour in (OPENS, CLOSES))
            total += max(min(end, closes) - max(start, opens), timedelta())
        day += timedelta(days=1)
    return int(total.total_seconds())
