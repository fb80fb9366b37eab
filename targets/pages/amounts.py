"""How pages of scorecards write numbers: KPIs with their unit, money to the kopeck, points with one decimal."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from kpis.catalog import BY_KEY
from kpis.explanations.amounts import NOTHING, write_money
from kpis.kpi import Number
from kpis.render.formats import format_number
from kpis.render.measured import NO_BREAK, PLACES, format_measured
from kpis.units import Unit

Exact = Number | Fraction
TENTHS, HUNDREDTHS = 1, 2


def to_decimal(value: Exact) -> Decimal:
    """Turn an exact number into a decimal to be shown."""
    return Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(value)


def write_value(value: Number | None, unit: Unit, *, currency: str) -> str:
    """Write a KPI's value or target; parts of a deal are told to a hundredth. Empty: "no data"."""
    if value is not None and unit not in PLACES and value != int(value):
        return format_number(value, places=HUNDREDTHS)
    return format_measured(value, unit=unit, currency=currency)


def write_points(value: Exact | None) -> str:
    """Write points, or a weight. Empty: a dash."""
    return NOTHING if value is None else format_number(to_decimal(value), places=TENTHS)


def write_plain(value: Exact) -> str:
    """Write a number that is whole more often than not."""
    number = to_decimal(value)
    return format_number(number, places=0 if number == int(number) else TENTHS)


def write_percent(value: Exact | None) -> str:
    """Write a percentage. Empty: a dash; what has no bound says so."""
    if value is None:
        return NOTHING
    if isinstance(value, Decimal) and value.is_infinite():
        return _("unbounded")
    return f"{format_number(to_decimal(value), places=TENTHS)}{NO_BREAK}%"


def write_signed_money(value: Number, currency: str) -> str:
    """Write money that is added or taken away, with its sign."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{write_money(max(value, -value), currency)}"


def name_kpi(key: str) -> str:
    """Name a KPI; one that is unknown by now keeps its key."""
    return str(BY_KEY[key].name) if key in BY_KEY else key


def find_unit(key: str) -> Unit:
    """Find the unit of a KPI; one that is unknown by now is a plain number."""
    return BY_KEY[key].unit if key in BY_KEY else Unit.SCORE
