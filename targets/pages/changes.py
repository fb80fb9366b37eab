"""How far a value is from the period before: an arrow, how much, and in a word whether that is for the better."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpis.compare import Earlier, Reading, step_from
from kpis.kpi import Kpi, Number
from kpis.render.formats import format_period
from kpis.render.reading_texts import MINUS, write_share
from kpis.units import Direction
from targets.pages.amounts import write_value

UP, DOWN, SAME = "▲", "▼", "="


@dataclass(frozen=True, slots=True)
class Change:
    """A change as text; `tone` is rise, fall or nothing, and `word` says the same without colour."""

    text: str
    tone: str
    word: str
    hint: str


def describe_change(reading: Reading, value: Number | None, *, currency: str) -> Change | None:
    """Describe how far a value is from the period before. Empty: None where one of both is undefined."""
    kpi = reading.kpi
    earlier = step_from(reading.previous.period, reading.previous.value, value)
    if earlier.change is None:
        return None
    hint = f"{format_period(earlier.period)}: {write_value(earlier.value, kpi.unit, currency=currency)}"
    if not earlier.change:
        return Change(SAME, "", _("as before"), hint)
    is_better = (earlier.change > 0) == (kpi.direction == Direction.UP)
    arrow = UP if earlier.change > 0 else DOWN
    text = f"{arrow} {write_size(earlier, kpi, currency=currency)}"
    return Change(text, "rise" if is_better else "fall", _("better") if is_better else _("worse"), hint)


def write_size(earlier: Earlier, kpi: Kpi, *, currency: str) -> str:
    """Write how large a change is: in percent, that of a share in points, from nothing in the KPI's unit."""
    share = write_share(earlier, kpi.unit).lstrip(f"+{MINUS}")
    change = earlier.change or 0
    return share or write_value(max(change, -change), kpi.unit, currency=currency)
