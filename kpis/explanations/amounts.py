"""How an explanation writes numbers: exact as far as people read them, each with its unit."""

from decimal import Decimal

from babel.numbers import get_currency_symbol
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpis.kpi import Number
from kpis.render.formats import DECIMALS, format_number
from kpis.units import Unit

NO_BREAK = "\N{NO-BREAK SPACE}"
NOTHING = "—"
MINUTE, DAY = 60, 86_400


def write_amount(value: Number | None, unit: Unit | str, *, currency: str) -> str:
    """Write a number with its unit; counts carry none. Empty: "no data"."""
    if value is None:
        return _("no data")
    if unit == Unit.MONEY:
        return write_money(value, currency)
    if unit == Unit.PERCENT:
        return f"{format_number(value, places=1)}{NO_BREAK}%"
    short = {Unit.DAYS: _("%s d"), Unit.MINUTES: _("%s min"), Unit.SECONDS: _("%s s")}.get(Unit(unit), "%s")
    return short.replace(" ", NO_BREAK) % format_number(value, places=DECIMALS.get(Unit(unit), 0))


def write_money(amount: Number | None, currency: str) -> str:
    """Write money with the currency's sign; kopecks only where there are any. Empty: a dash."""
    if amount is None:
        return NOTHING
    whole = amount == int(amount)
    symbol = get_currency_symbol(currency, locale=get_language() or "en") if currency else ""
    return f"{format_number(amount, places=0 if whole else 2)}{NO_BREAK}{symbol}".rstrip()


def write_elapsed(seconds: int) -> str:
    """Write a length of time: minutes up to two days, days beyond."""
    if abs(seconds) < 2 * DAY:
        return (_("%s min") % format_number(Decimal(seconds) / MINUTE, places=1)).replace(" ", NO_BREAK)
    return (_("%s d") % format_number(Decimal(seconds) / DAY, places=1)).replace(" ", NO_BREAK)
