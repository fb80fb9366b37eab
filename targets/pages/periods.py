"""Periods of scorecards as pages name them, and the ways to the ones before and after."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpis.earlier_periods import previous
from kpis.periods import Period, PeriodError, month_of, parse_period, quarter_of, year_of
from targets.errors import PlanError
from targets.plans import check_period


@dataclass(frozen=True, slots=True)
class Named:
    """A period as an address has it, and as people read it."""

    key: str
    name: str


def read_period(text: str) -> Period | None:
    """Read a month, a quarter or a year. Empty: None for what plans are not made for."""
    try:
        period = parse_period(text)
        check_period(period)
    except (PeriodError, PlanError):
        return None
    return period


def name_period(period: Period) -> Named:
    """Name a period as a heading, such as “November 2026”."""
    if len(period.key) == len("2026"):
        return Named(period.key, period.key)
    if "Q" in period.key:
        told = {"quarter": period.key[-1], "year": period.start.year}
        return Named(period.key, _("Quarter %(quarter)s, %(year)s") % told)
    return Named(period.key, date_format(period.start, "F Y"))


def name_previous(period: Period) -> Named:
    """Name the period before."""
    return name_period(previous(period))


def find_following(period: Period) -> Period:
    """Find the month, quarter or year after."""
    if len(period.key) == len("2026"):
        return year_of(period.end)
    return quarter_of(period.end) if "Q" in period.key else month_of(period.end)
