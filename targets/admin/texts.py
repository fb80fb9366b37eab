"""How the pages of plans name periods, KPIs and amounts. Pure but for the language."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crmsync.models import Portal
from kpis.kpi import Kpi
from kpis.periods import Period
from kpis.render.formats import format_heading
from kpis.units import Unit
from targets.grids import Earlier

SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "BYN": "Br", "KZT": "₸"}


def name_period(period: Period) -> str:
    """Name a period as people do: a month by its name, others by their key."""
    return date_format(period.start, "F Y").capitalize() if period.key == f"{period.start:%Y-%m}" else period.key


def name_earlier(earlier: Earlier) -> str:
    """Name an earlier period, and say when it is not over yet."""
    name = name_period(earlier.period)
    return name if earlier.is_over else _("%(period)s so far") % {"period": name}


def name_unit(kpi: Kpi, portal: Portal) -> str:
    """Name a KPI's unit; money by its currency's sign."""
    if kpi.unit == Unit.MONEY:
        return SIGNS.get(portal.base_currency, portal.base_currency)
    return str(kpi.unit.label)


def name_column(kpi: Kpi, portal: Portal) -> str:
    """Name a KPI with its unit at the head of a column."""
    sign = SIGNS.get(portal.base_currency, portal.base_currency)
    return format_heading(kpi, currency=sign)
