"""Selector: how far an employee is in a running period, and where that leads by its end."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from kpis.kpi import Number
from kpis.models import WorkCalendar
from kpis.options import Choice
from kpis.periods import Period
from kpis.results import compute_one, read_parts
from kpis.work.calendars import build_schedules
from targets.actuals import is_cumulative
from targets.models import TargetPlan


@dataclass(frozen=True, slots=True)
class Pace:
    """What was reached so far of a period. Units: the KPI's; days are an employee's working days.

    Empty: no forecast for what does not add up, and before the first working day is over.
    """

    period: Period
    value: Number | None
    days: int
    all_days: int
    forecast: Decimal | None


def read_pace(plan: TargetPlan, choice: Choice, *, period: Period, employee: int, today: date) -> Pace:
    """Read how far an employee is in a period that is running, by the one KPI that is chosen."""
    [kpi] = choice.kpis
    [sums] = read_parts(plan.portal, [period], choice, employees=[employee], today=today)
    value = compute_one(kpi, employee, sums[employee], choice).value
    days, whole = count_days(plan, period, employee=employee, today=today)
    can_tell = is_cumulative(kpi) and days and value is not None
    return Pace(period, value, days, whole, Decimal(value or 0) * whole / days if can_tell else None)


def count_days(plan: TargetPlan, period: Period, *, employee: int, today: date) -> tuple[int, int]:
    """Count an employee's working days up to and with today, and those of the whole period."""
    calendar = WorkCalendar.objects.filter(portal=plan.portal).first() or WorkCalendar(portal=plan.portal)
    schedules = build_schedules(calendar, portal=plan.portal, first=period.start, last=period.end - timedelta(days=1))
    begun = Period(period.start, today + timedelta(days=1), period.key)
    return schedules.count_days(begun, employee=employee), schedules.count_days(period, employee=employee)
