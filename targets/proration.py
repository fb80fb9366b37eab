"""Selector: which share of a period's working days each employee works, and why it is not all of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from crmsync.models import Portal
from kpis.models import Absence, WorkCalendar
from kpis.periods import Period
from kpis.work.calendars import Schedules, build_schedules


@dataclass(frozen=True, slots=True)
class Away:
    """One absence within a period, and the working days that it costs."""

    kind: str
    first_on: date
    last_on: date
    days: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proration:
    """How many of the period's working days an employee works."""

    worked: int
    days: int
    away: tuple[Away, ...] = ()

    @property
    def share(self) -> Fraction:
        """The share by which targets of sums and the base amount are multiplied; 1 in a period without working days."""
        return Fraction(self.worked, self.days) if self.days else Fraction(1)


def read_prorations(portal: Portal, period: Period, *, employees: Collection[int]) -> Mapping[int, Proration]:
    """Read the share of each employee, by the portal's calendar or, without one, the usual week."""
    calendar = WorkCalendar.objects.filter(portal=portal).first() or WorkCalendar(portal=portal)
    schedules = build_schedules(calendar, portal=portal, first=period.start, last=period.end - timedelta(days=1))
    days = schedules.count_days(period)
    away: dict[int, list[Away]] = defaultdict(list)
    rows = Absence.objects.filter(
        portal=portal, employee__in=employees, first_on__lt=period.end, last_on__gte=period.start
    )
    for row in rows.order_by("first_on", "pk"):
        away[row.employee_id].append(tell_absence(row, period, schedules))
    return {
        who: Proration(schedules.count_days(period, employee=who), days, tuple(away.get(who, ()))) for who in employees
    }


def tell_absence(row: Absence, period: Period, schedules: Schedules) -> Away:
    """Tell how many of the portal's working days an absence takes from a period."""
    first, last = max(row.first_on, period.start), min(row.last_on, period.end - timedelta(days=1))
    cut = Period(first, last + timedelta(days=1), period.key)
    return Away(row.kind, first, last, schedules.count_days(cut), row.note)
