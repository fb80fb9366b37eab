"""Selector: how many of an employee's working days have passed, which tells the pace that sums should keep."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from crmsync.models import Employee
from kpis.earlier_periods import cut, elapsed_days
from kpis.models import WorkCalendar
from kpis.periods import Period
from kpis.work.calendars import build_schedules


@dataclass(frozen=True, slots=True)
class Pace:
    """Working days of a period that have begun, of all; `is_running` while there are days to come."""

    passed: int
    days: int
    is_running: bool

    @property
    def percent(self) -> Fraction | None:
        """The share that has passed, in percent. Empty: None when it tells nothing: over, not begun, no working day."""
        return Fraction(self.passed * 100, self.days) if self.is_running and self.days else None


def read_pace(employee: Employee, period: Period, *, today: date) -> Pace:
    """Count an employee's working days by the portal's calendar, without his absences; today counts as begun."""
    portal = employee.portal
    calendar = WorkCalendar.objects.filter(portal=portal).first() or WorkCalendar(portal=portal)
    schedules = build_schedules(calendar, portal=portal, first=period.start, last=period.end - timedelta(days=1))
    days, elapsed = schedules.count_days(period, employee=employee.pk), elapsed_days(period, today)
    passed = days if elapsed is None else schedules.count_days(cut(period, days=elapsed), employee=employee.pk)
    return Pace(passed, days, bool(elapsed))
