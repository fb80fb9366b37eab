"""Thirteen months of a KPI: as a line, in words for who does not see it, and as the cells of a table."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kpis.compare import History, Reading
from kpis.kpi import Number
from kpis.periods import parse_period
from kpis.units import Unit
from targets.pages.amounts import write_value


@dataclass(frozen=True, slots=True)
class Trend:
    """Values of the months, oldest first, as numbers and as texts, and what is seen in them."""

    values: tuple[Number | None, ...] = ()
    texts: tuple[str, ...] = ()
    label: str = ""


def describe_trend(reading: Reading, *, value: Number | None, period_key: str, currency: str) -> Trend:
    """Describe a KPI's months; the month of a scorecard shows what the scorecard says."""
    history = [(key, value if key == period_key else each) for key, each in reading.history]
    texts = tuple(write_value(each, reading.kpi.unit, currency=currency) for _key, each in history)
    label = write_label(str(reading.kpi.name), tuple(history), reading.kpi.unit, currency=currency)
    return Trend(tuple(each for _key, each in history), texts, label)


def write_label(name: str, history: History, unit: Unit, *, currency: str) -> str:
    """Write what a line of months shows: where it begins and ends, and how low and high it runs."""
    known = [(key, value) for key, value in history if value is not None]
    if not known:
        return _("%(name)s: no data in these months") % {"name": name}
    told = {
        "name": name,
        "least": write_value(min(value for _key, value in known), unit, currency=currency),
        "most": write_value(max(value for _key, value in known), unit, currency=currency),
        "first": f"{name_month(known[0][0])} {write_value(known[0][1], unit, currency=currency)}",
        "last": f"{name_month(known[-1][0])} {write_value(known[-1][1], unit, currency=currency)}",
    }
    return _("%(name)s: %(first)s – %(last)s; least %(least)s, most %(most)s") % told


def name_month(key: str) -> str:
    """Name a month briefly, such as “11.2026”."""
    return date_format(find_start(key), "m.Y")


def find_start(key: str) -> date:
    """Find the first day of a month by its key."""
    return parse_period(key).start
