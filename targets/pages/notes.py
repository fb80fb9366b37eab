"""What stands under the name of a KPI: how much it rests on, how sure it is, and what is missing to the target."""

from collections.abc import Iterator
from decimal import ROUND_CEILING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpis.compare import Reading
from kpis.kpi import Number
from kpis.render.formats import format_number, format_value
from kpis.render.reading_texts import write_notes
from kpis.units import Unit
from targets.models import ScorecardLine
from targets.pages.amounts import find_unit, write_value
from targets.scoring.attainment import is_below_sample
from targets.scoring.lines import Line
from targets.scoring.scheme import NoData

CONSEQUENCES = {
    NoData.REDISTRIBUTE: gettext_lazy("not scored: the other KPIs take its weight"),
    NoData.ZERO: gettext_lazy("scores 0 without data"),
    NoData.HOLD: gettext_lazy("waits for a decision"),
}


def list_notes(line: ScorecardLine, asked: Line, reading: Reading | None) -> tuple[str, ...]:
    """List what a line rests on, by what was scored, and what stands beside it."""
    notes = [*write_sample(line), *write_interval(asked), *write_credits(line)]
    return (*notes, *(write_spread(reading) if reading else ()))


def list_reading_notes(reading: Reading) -> tuple[str, ...]:
    """List what is to be known of a KPI without a plan."""
    return tuple(write_notes(reading))


def write_sample(line: ScorecardLine) -> Iterator[str]:
    """Say of how many records a share or a mean is made."""
    if not line.denominator:
        return
    if find_unit(line.kpi) == Unit.PERCENT:
        told = {"part": write_count(line.numerator), "whole": write_count(line.denominator)}
        yield _("%(part)s of %(whole)s") % told
    elif line.sample == int(line.sample):
        count = int(line.sample)
        yield ngettext("%s record", "%s records", count) % format_number(count)


def write_lack(asked: Line, no_data: NoData) -> Iterator[str]:
    """Say that there is nothing, or too little, to score, and what the scheme makes of that."""
    if asked.target is None or not (asked.actual is None or is_below_sample(asked.sample, least=asked.min_sample)):
        return
    if asked.actual is not None:
        yield _("little data: at least %(least)s records are needed to score it") % {"least": asked.min_sample}
    yield str(CONSEQUENCES[no_data])


def write_credits(line: ScorecardLine) -> Iterator[str]:
    """Say how many deals count otherwise than in the CRM."""
    count = len({each["deal"] for each in line.credits})
    if count:
        text = ngettext("%s deal counts otherwise than in the CRM", "%s deals count otherwise than in the CRM", count)
        yield text % format_number(count)


def write_interval(asked: Line) -> Iterator[str]:
    """Say in which range a share can be trusted to lie."""
    if asked.interval:
        low, high = (format_number(end) for end in asked.interval)
        yield _("95 %% sure: %(low)s–%(high)s %%") % {"low": low, "high": high}


def write_spread(reading: Reading) -> list[str]:
    """Say what stands beside a mean: its median, what nine of ten do not exceed, the declared figures."""
    unit, spread = reading.kpi.unit, reading.spread
    told = [f"{figure.name}: {format_value(value, figure.unit)}" for figure, value in reading.beside]
    if spread is None:
        return told
    median, high = format_value(spread.median, unit), format_value(spread.high, unit)
    return [_("median %s") % median, _("9 of 10 within %s") % high, *told]


def write_missing(line: ScorecardLine, asked: Line, *, currency: str) -> Iterator[str]:
    """Say how much of a sum is missing to the target."""
    if not asked.is_cumulative or line.target is None or line.actual is None or line.actual >= line.target:
        return
    # Rounded up: a part of a deal cannot be won.
    missing = (line.target - line.actual).to_integral_value(ROUND_CEILING)
    yield _("%(amount)s more to the target") % {"amount": write_value(missing, find_unit(line.kpi), currency=currency)}


def write_count(value: Number) -> str:
    """Write a count of records; parts of shared ones to a tenth."""
    return format_number(value, places=0 if value == int(value) else 1)
