"""Working time in words: hours, the days of a week, the public days ahead. Pure but for the language in force."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format, time_format

from crmsync.admin.columns import keep_together
from crmsync.admin.references import NOTHING
from kpis.models import WorkCalendar

Run = tuple[date, date, str]


def write_hours(opens: time | None, closes: time | None) -> str:
    """Write hours from and to. Empty: a dash."""
    if opens is None or closes is None:
        return NOTHING
    return f"{time_format(opens, 'H:i')}–{time_format(closes, 'H:i')}"


def write_week(calendar: WorkCalendar) -> str:
    """Write the working days of a calendar."""
    return ", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(calendar.weekdays)) or NOTHING


def write_day(day: date) -> str:
    """Write a day with its weekday."""
    return f"{date_format(day, 'D')}, {date_format(day, 'DATE_FORMAT')}"


def write_short_day(day: date) -> str:
    """Write a day with its weekday, short enough for a list."""
    return keep_together(f"{date_format(day, 'D')} {date_format(day, 'SHORT_DATE_FORMAT')}")


def list_runs(days: Mapping[date, str]) -> list[Run]:
    """Join days that follow one another under one name. Shape: first day, last day, name, in order."""
    runs: list[Run] = []
    for day, name in sorted(days.items()):
        if runs and runs[-1][1] + timedelta(days=1) == day and runs[-1][2] == name:
            runs[-1] = (runs[-1][0], day, name)
        else:
            runs.append((day, day, name))
    return runs


def write_runs(runs: Iterable[Run]) -> list[str]:
    """Write each run of days with its name."""
    spans = (
        (write_day(first) if first == last else f"{write_day(first)} – {write_day(last)}", name)
        for first, last, name in runs
    )
    return [f"{span}: {name}" if name else span for span, name in spans]
