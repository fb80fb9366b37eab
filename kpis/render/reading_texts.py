"""Readings in words: how far from earlier, against which norm, on how many records, how sure."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.compare import Earlier, Reading
from kpis.kpi import Number
from kpis.norms import Position, Standing
from kpis.render.catalog_texts import write_end
from kpis.render.formats import DECIMALS, format_number, format_value
from kpis.units import Unit

MINUS = "−"


def write_change(earlier: Earlier, unit: Unit) -> str:
    """Write a change, such as "+1 200,00 (+20,0 %)"; shares change by points. Empty: a dash where it is undefined."""
    if earlier.change is None:
        return "—"
    share = write_share(earlier, unit)
    if unit == Unit.PERCENT:
        return share
    change = write_signed(earlier.change, places=DECIMALS.get(unit, 0))
    return f"{change} ({share})" if share else change


def write_share(earlier: Earlier, unit: Unit) -> str:
    """Write a change in percent of what was; that of a share in points. Empty: an empty text where nothing was."""
    if unit == Unit.PERCENT and earlier.change is not None:
        return _("%(change)s pp") % {"change": write_signed(earlier.change, places=1)}
    if earlier.relative is None:
        return ""
    return f"{write_signed(earlier.relative, places=1)}\N{NO-BREAK SPACE}%"


def write_signed(number: Number, *, places: int) -> str:
    """Write a number with its sign; nothing has none."""
    text = format_number(number if number > 0 else -number, places=places)
    if not number:
        return text
    return f"{'+' if number > 0 else MINUS}{text}"


def write_norm(standing: Standing, unit: Unit) -> str:
    """Write a norm and where the value stands. Empty: an empty text where there are no figures."""
    low, high = (bound if bound is None else format_value(bound, unit) for bound in (standing.low, standing.high))
    if low is None and high is None:
        return ""
    if low == high:
        text = str(low)
    elif low is not None and high is not None:
        text = f"{low}–{high}"
    else:
        text = write_end(low or "", high or "", is_strict=standing.norm.is_strict)
    words = {Position.BELOW: _("below"), Position.WITHIN: _("within"), Position.ABOVE: _("above")}
    return f"{text}: {words[standing.position]}" if standing.position else text


def write_notes(reading: Reading) -> list[str]:
    """Write what stands beside a value: its sample, interval, spread and the declared figures."""
    unit = reading.kpi.unit
    count = int(reading.records)
    notes = [ngettext("%s record", "%s records", count) % format_number(count)]
    if reading.interval:
        low, high = (format_number(bound) for bound in reading.interval)
        notes.append(_("95 %% sure: %(low)s–%(high)s %%") % {"low": low, "high": high})
    if reading.spread:
        notes.append(_("median %s") % format_value(reading.spread.median, unit))
        notes.append(_("9 of 10 within %s") % format_value(reading.spread.high, unit))
    notes += [f"{figure.name}: {format_value(value, figure.unit)}" for figure, value in reading.beside]
    return notes
