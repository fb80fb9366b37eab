"""Numbers as pages show them: like formats.py, but each with its unit, and money without its kopecks."""

from babel.numbers import get_currency_symbol
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpis.kpi import Number
from kpis.render.formats import DECIMALS, format_number
from kpis.units import Unit

NO_BREAK = "\u00a0"
# Kopecks are noise in a table of managers; the `kpis` command shows them.
PLACES = DECIMALS | {Unit.MONEY: 0}


def format_measured(value: Number | None, *, unit: Unit, currency: str) -> str:
    """Write a value with its unit; counts carry none, their heading says what they count. Empty: "no data"."""
    if value is None:
        return _("no data")
    number = format_number(value, places=PLACES.get(unit, 0))
    if unit == Unit.MONEY:
        return f"{number}{NO_BREAK}{get_currency_symbol(currency, locale=get_language() or 'en')}"
    if unit == Unit.PERCENT:
        return f"{number}{NO_BREAK}%"
    short = {Unit.DAYS: _("%s d"), Unit.MINUTES: _("%s min")}.get(unit, "%s")
    return short.replace(" ", NO_BREAK) % number
