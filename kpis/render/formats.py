"""How a KPI's numbers are written for people, in the active language; exact values go in, rounded text comes out."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kpis.kpi import Kpi, Number
from kpis.measures import Measure
from kpis.periods import Period
from kpis.units import Unit

DECIMALS = {Unit.MONEY: 2, Unit.PERCENT: 1, Unit.DAYS: 1, Unit.MINUTES: 1, Unit.SCORE: 2}


def format_value(value: Number | None, unit: Unit) -> str:
    """Write a value with as many decimals as its unit bears, rounded half up. Empty: "no data"."""
    return _("no data") if value is None else format_number(value, places=DECIMALS.get(unit, 0))


def format_number(value: Number, *, places: int = 0) -> str:
    """Write a number in the active language, rounded half up."""
    # number_format cuts digits off instead of rounding.
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number_format(rounded, places, force_grouping=True)


def format_loss(measure: Measure, value: Number, *, currency: str) -> str:
    """Write what left a measure, such as "Revenue −1,000.00 RUB"; what was negative comes back with a plus."""
    timed = measure.unit == Unit.SECONDS
    unit = Unit.DAYS if timed else measure.unit
    amount = Decimal(value) / (86_400 if timed else 1)
    label = {Unit.MONEY: currency, Unit.DAYS: unit.label}.get(unit, "")
    text = f"{'−' if amount >= 0 else '+'}{format_value(abs(amount), unit)}\N{NO-BREAK SPACE}{label}"
    return f"{measure.name} {text.rstrip()}"


def format_heading(kpi: Kpi, *, currency: str) -> str:
    """Write a KPI's name and unit; money is named by its currency, and the name of a count says what is counted."""
    if kpi.unit not in DECIMALS:
        return str(kpi.name)
    return f"{kpi.name}, {currency if kpi.unit == Unit.MONEY else kpi.unit.label}"


def format_period(period: Period) -> str:
    """Write a period's key with its first and last day."""
    first, last = period.start, period.end - timedelta(days=1)
    days = date_format(first) if first == last else f"{date_format(first)} – {date_format(last)}"
    return f"{period.key} ({days})"


def format_completeness(at: datetime | None, zone: ZoneInfo) -> str:
    """Say through when the data is complete. Time: in the given zone. Empty: says that it is not complete yet."""
    if at is None:
        return _("the data is not complete yet: not every stream has been read to its end")
    return _("data complete through %(at)s") % {"at": date_format(localtime(at, zone), "SHORT_DATETIME_FORMAT")}
