"""Numbers of targets as people and tables write them, and back: Russian and English, with or without groups."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from kpis.kpi import Number
from kpis.spend.cells import DASHES, Cell, CellError, read_number, split_amount, write_cell
from kpis.spend.columns import find_currency
from kpis.units import Unit
from targets.errors import PlanError

# Proposals are rounded to what people plan in; what they type is kept as it is.
PLACES = {Unit.PERCENT: 1, Unit.DAYS: 1, Unit.MINUTES: 1, Unit.SCORE: 2}


def read_decimal(cell: Cell, *, point: str | None) -> Decimal | None:
    """Read a number; a unit written after it is left out. Empty: None for nothing and for a dash.

    `point` is the decimal separator where the number itself does not prove one. Raises: PlanError.
    """
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return check_finite(Decimal(str(cell)))
    text = write_cell(cell)
    if not text or text in DASHES:
        return None
    parts = split_amount(text)
    if parts is None or not (parts[2] in ("", "%") or find_currency(parts[2])):
        raise PlanError(_("“%(text)s” is no number: write it as 1234.50.") % {"text": text})
    try:
        return Decimal(parts[0] + read_number(parts[1], point=point, text=text))
    except CellError as error:
        raise PlanError(str(error)) from error


def check_finite(value: Decimal) -> Decimal:
    """Refuse what a workbook may hold besides numbers. Raises: PlanError."""
    if not value.is_finite():
        raise PlanError(_("“%(text)s” is no number: write it as 1234.50.") % {"text": value})
    return value


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes numbers in the language that was active when it was made: of a grid there are thousands."""

    point: str
    group: str

    def write_plain(self, value: Number | None) -> str:
        """Write a value exactly, in groups of three. Empty: an empty text."""
        if value is None:
            return ""
        text = f"{Decimal(value).normalize():,f}"
        return text.replace(",", "\0").replace(".", self.point).replace("\0", self.group)

    def write_rounded(self, value: Number | None, unit: Unit) -> str:
        """Write a value as it is planned in its unit. Empty: a dash."""
        return "–" if value is None else self.write_plain(round_to_unit(value, unit))


def make_writer() -> Writer:
    """Make a writer for the active language."""
    return Writer(get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR"))


def find_step(unit: Unit) -> Decimal:
    """Find the smallest step in which a KPI of this unit is planned."""
    return Decimal(1).scaleb(-PLACES.get(unit, 0))


def round_to_unit(value: Number, unit: Unit) -> Decimal:
    """Round to the step in which a KPI of this unit is planned, half up."""
    return Decimal(value).quantize(find_step(unit), ROUND_HALF_UP)
