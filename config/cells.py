"""The cells of the home page: one number as text, with what it is to be compared with."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.numbers import format_measured
from crmsync.models import Employee, Portal
from kpis.compare import Reading
from kpis.kpi import Kpi, Number
from kpis.periods import Period
from kpis.render.formats import format_number, format_period, format_value
from kpis.render.reading_texts import write_norm, write_share
from kpis.units import Direction, Unit


@dataclass(frozen=True)
class Cell:
    """One number as text, how much stands behind it, and how far it is from the month before.

    `tone` is the class of a change for the better or the worse; the sign and the hint say it without colour.
    `question` is what the page that explains a number is asked for.
    """

    text: str
    note: str = ""
    change: str = ""
    tone: str = ""
    hint: str = ""
    question: str = ""


def name_question(reading: Reading, portal: Portal, person: Employee | None, period: Period) -> str:
    """Name what the page that explains a number is asked for."""
    question = {"portal": portal.pk, "kpi": reading.kpi.key, "period": period.key}
    return urlencode(question | ({"employee": person.external_id} if person else {}))


def build_cell(reading: Reading, *, currency: str, question: str) -> Cell:
    """Build one cell, with the earlier values and the norm as its hint."""
    kpi, earlier = reading.kpi, reading.previous
    text = format_measured(reading.result.value, unit=kpi.unit, currency=currency)
    note = describe_sample(kpi, reading.result.numerator, reading.result.denominator)
    change = write_share(earlier, kpi.unit) if earlier.change else ""
    improves = earlier.change is not None and (earlier.change > 0) == (kpi.direction == Direction.UP)
    return Cell(text, note, change, ("rise" if improves else "fall") if change else "", write_hint(reading), question)


def write_hint(reading: Reading) -> str:
    """Write what a number is to be compared with, period by period."""
    unit = reading.kpi.unit
    told = [
        f"{format_period(each.period)}: {format_value(each.value, unit)}"
        for each in (reading.previous, reading.year_before)
    ]
    norm = write_norm(reading.standing, unit)
    return "; ".join([*told, _("norm %s") % norm] if norm else told)


def describe_sample(kpi: Kpi, numerator: Number, denominator: Number | None) -> str:
    """Say how much stands behind a ratio. Empty: an empty text, for sums too."""
    if not denominator:
        return ""
    count = format_number(denominator)
    if kpi.unit == Unit.PERCENT:
        return _("%(part)s of %(whole)s") % {"part": format_number(numerator), "whole": count}
    return ngettext("from %(count)s deal", "from %(count)s deals", int(denominator)) % {"count": count}
