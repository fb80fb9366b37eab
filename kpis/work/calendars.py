"""Selector: a portal's work calendar, its special days and absences as schedules, the portal's and each employee's.

By precedence: an employee's own special day, his absence, the portal's special day, a public holiday or a working day
moved to a weekend, the hours of the weekday.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from crmsync.models import Portal
from kpis.models import Absence, CalendarDay, WorkCalendar
from kpis.periods import Period
from kpis.work.public_days import find_public_days
from kpis.work.worktime import DayHours, Interval, Schedule, cut_intervals, join_intervals

# A day's working intervals; none on a day off.
Days = dict[date, list[Interval]]


@dataclass(frozen=True)
class Schedules:
    """When a portal and its people work, from `first` to `last`, both included.

    `special` holds, by employee, the days that differ from the portal's.
    """

    first: date
    last: date
    usual: Days
    special: Mapping[int | None, Days]
    built: dict[int | None, Schedule] = field(default_factory=dict)

    def of(self, employee: int | None) -> Schedule:
        """Return an employee's schedule by his key; the portal's own for None and for whom nothing is special."""
        key = employee if employee in self.special else None
        if key not in self.built:
            days = self.find_days(key)
            self.built[key] = join_intervals(chain.from_iterable(days[day] for day in sorted(days)))
        return self.built[key]

    def count_days(self, period: Period, *, employee: int | None = None) -> int:
        """Count the days of a period on which an employee, or the portal, works.

        Raises: ValueError for a period that is not wholly among the days loaded.
        """
        if period.start < self.first or period.end > self.last + timedelta(days=1):
            raise ValueError(f"{period} is not within {self.first} – {self.last}")
        days = self.find_days(employee)
        return sum(1 for day in days if day in period and days[day])

    def find_days(self, employee: int | None) -> Days:
        """Find the days of an employee; the portal's own for None and for whom nothing is special."""
        return self.usual | self.special.get(employee, {})


def load_schedules(portal: Portal, *, first: date, last: date) -> Schedules | None:
    """Load the schedules of a portal and all its people, in three queries.

    Time: days of the portal's zone, both included; outside them nobody works, so they must hold all that is asked.
    Empty: None for a portal without a work calendar, whose times are told by the clock on the wall.
    """
    calendar = WorkCalendar.objects.filter(portal=portal).first()
    return build_schedules(calendar, portal=portal, first=first, last=last) if calendar else None


def build_schedules(calendar: WorkCalendar, *, portal: Portal, first: date, last: date) -> Schedules:
    """Build the schedules of a portal by a calendar, with its special days and absences, in two queries."""
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    entered = CalendarDay.objects.filter(portal=portal, day__range=(first, last))
    absences = Absence.objects.filter(portal=portal, first_on__lte=last, last_on__gte=first)
    rows: dict[int | None, list[CalendarDay]] = defaultdict(list)
    for row in entered:
        rows[row.employee_id].append(row)
    usual = cut_usual_days(calendar, span, zone=portal.zone)
    usual |= cut_special_days(calendar, rows.pop(None, ()), zone=portal.zone)
    special: dict[int | None, Days] = defaultdict(dict)
    for employee, day in list_absent_days(absences, first=first, last=last):
        special[employee][day] = []
    for person, own in rows.items():
        special[person] |= cut_special_days(calendar, own, zone=portal.zone)
    return Schedules(first, last, usual, dict(special))


def cut_usual_days(calendar: WorkCalendar, span: list[date], *, zone: ZoneInfo) -> Days:
    """Cut days by the calendar's weekdays and its country's public days."""
    if not span:
        return {}
    public = find_public_days(calendar.country, first=span[0], last=span[-1])
    weekdays = frozenset(calendar.weekdays)
    working = [day for day in span if day in public.moved or (day.weekday() in weekdays and day not in public.off)]
    return {day: cut_intervals(plan_day(calendar, day), zone) for day in working}


def cut_special_days(calendar: WorkCalendar, rows: Iterable[CalendarDay], *, zone: ZoneInfo) -> Days:
    """Cut special days: hours of their own with the calendar's break, or a day off."""
    return {
        row.day: cut_intervals(plan_day(calendar, row.day, special=row), zone) if row.opens_at and row.closes_at else []
        for row in rows
    }


def plan_day(calendar: WorkCalendar, day: date, *, special: CalendarDay | None = None) -> DayHours:
    """Tell the hours of a working day."""
    hours = special or calendar
    # Django's stubs do not know that a special day with hours has both.
    return DayHours(day, hours.opens_at, hours.closes_at, calendar.break_from, calendar.break_to)  # type: ignore[arg-type]


def list_absent_days(absences: Iterable[Absence], *, first: date, last: date) -> Iterable[tuple[int, date]]:
    """List the days of absences that lie between two days, by employee."""
    for row in absences:
        start, end = max(row.first_on, first), min(row.last_on, last)
        for number in range((end - start).days + 1):
            yield row.employee_id, start + timedelta(days=number)
