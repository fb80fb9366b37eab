"""Cells of files with costs: days, amounts, text, as people and ad systems write them. Pure but for the language."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from kpis.spend.columns import find_currency

Cell = str | int | float | Decimal | date | datetime | None

# SQLite keeps 15 digits of a decimal; four of them stand behind the point.
MOST = Decimal(10) ** 11
STEP = Decimal("0.0001")
YEARS = range(2000, 2100)
DASHES = {"-", "--", "–", "—"}
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
DATED = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})")
CLOCK = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
# Spaces and apostrophes between digits stand as underscores.
GROUPED = re.compile(r"(?<=\d)[\s'’]+(?=\d)")
AMOUNT = re.compile(r"(?P<before>\D*?)(?P<number>\d(?:[\d.,_]*\d)?)(?P<after>\D*)")


class CellError(ValueError):
    """A cell that cannot be read; the text says what to do."""


def write_cell(cell: Cell) -> str:
    """Write a cell as text: whole numbers without a point, no spaces around."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def find_order(cells: Iterable[Cell]) -> str | None:
    """Find the order of slashed dates: "dm", "md" when only that is possible. *Empty*: None when both occur."""
    pairs = [match for cell in cells if (match := SLASHED.fullmatch(CLOCK.sub("", write_cell(cell))))]
    month_first = any(int(pair[2]) > 12 for pair in pairs)
    day_first = any(int(pair[1]) > 12 for pair in pairs)
    if month_first and day_first:
        return None
    return "md" if month_first else "dm"


def read_day(cell: Cell, *, order: str | None = "dm") -> date:
    """Read a day; a time of day is left out. *Raises* CellError."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if not isinstance(cell, date):
        cell = parse_day(CLOCK.sub("", write_cell(cell)), order=order)
    if cell.year not in YEARS:
        raise CellError(_("The year %(year)s is not possible: correct the date.") % {"year": cell.year})
    return cell


def parse_day(text: str, *, order: str | None) -> date:
    """Read a written day. *Raises* CellError."""
    if not text:
        raise CellError(_("There is no date: write one, or delete the line."))
    if slashed := SLASHED.fullmatch(text):
        if order is None:
            message = _("“%(text)s”: the file has dates with the day first and with the month first: write 2026-10-05.")
            raise CellError(message % {"text": text})
        first, second, year = map(int, slashed.groups())
        return make_day(text, year, *((second, first) if order == "dm" else (first, second)))
    match = DATED.fullmatch(text)
    if match is None:
        raise CellError(_("“%(text)s” is no date: write it as 2026-10-05 or 05.10.2026.") % {"text": text})
    parts = match.groupdict()
    return make_day(text, *(int(parts[name] or parts[f"{name}2"]) for name in "ymd"))


def make_day(text: str, year: int, month: int, day: int) -> date:
    """Make a day of its parts. *Raises* CellError when the calendar does not have it."""
    try:
        return date(year, month, day)
    except ValueError as error:
        message = _("There is no day “%(text)s” in the calendar: correct it.")
        raise CellError(message % {"text": text}) from error


def find_point(cells: Iterable[Cell]) -> str | None:
    """Find the decimal separator that a file's amounts prove. *Empty*: None without proof, or with both proven."""
    numbers = (split_amount(cell) for cell in cells if isinstance(cell, str))
    proven = {point for parts in numbers if parts and (point := prove_point(parts[1]))}
    return proven.pop() if len(proven) == 1 else None


def prove_point(number: str) -> str:
    """Tell which separator of a number is the decimal one. *Empty*: "" when it has none, or it could be either."""
    found = [mark for mark in number if mark in ",."]
    if len(set(found)) == 2:
        return found[-1]
    if len(found) > 1:
        return "." if found[0] == "," else ","
    if not found:
        return ""
    whole, part = number.split(found[0])
    either = len(part) == 3 and len(whole) <= 3 and not whole.startswith("0")
    return "" if either else found[0]


def split_amount(cell: Cell) -> tuple[str, str, str] | None:
    """Split text into sign, number and the currency written with it. *Empty*: None when that is no amount."""
    text = re.sub(r"\s", "", GROUPED.sub("_", write_cell(cell))).replace("−", "-")
    match = AMOUNT.fullmatch(text)
    if match is None:
        return None
    before, after = match["before"], match["after"]
    minus = "-" if before.startswith("-") or before.endswith("-") else ""
    return minus, match["number"], before.strip("-+") + after


def read_amount(cell: Cell, *, point: str | None = None) -> tuple[Decimal, str]:
    """Read an amount and the currency written with it, or "". A dash is how ad systems write 0. *Raises* CellError."""
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return check_amount(Decimal(str(cell))), ""
    text = write_cell(cell)
    if not text:
        raise CellError(_("There is no amount: write one, 0 when nothing was spent."))
    if text in DASHES:
        return Decimal(0), ""
    parts = split_amount(cell)
    currency = find_currency(parts[2]) if parts and parts[2] else ""
    if parts is None or bool(parts[2]) != bool(currency):
        raise CellError(_("“%(text)s” is no amount: write it as 1234.50.") % {"text": text})
    return check_amount(Decimal(parts[0] + read_number(parts[1], point=point, text=text))), currency


def read_number(number: str, *, point: str | None, text: str) -> str:
    """Rewrite a number without groups and with a decimal point. *Raises* CellError."""
    mark = prove_point(number) or (point if set(number) & set(",.") else "")
    if mark is None:
        message = _("“%(text)s” may be thousands or a fraction: write it without separators of thousands, as 1234.50.")
        raise CellError(message % {"text": text})
    whole, part = number.rsplit(mark, 1) if mark and mark in number else (number, "")
    groups = re.split("[,._]", whole)
    if (part and not part.isdecimal()) or not are_thousands(groups):
        raise CellError(_("“%(text)s” is no amount: write it as 1234.50.") % {"text": text})
    return f"{''.join(groups) or '0'}.{part or '0'}"


def are_thousands(groups: Sequence[str]) -> bool:
    """Tell whether these are digits in groups of three, or not in groups at all."""
    return len(groups) == 1 or (len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))


def check_amount(amount: Decimal) -> Decimal:
    """Refuse what no cost can be. *Raises* CellError."""
    if not amount.is_finite() or abs(amount) >= MOST:
        raise CellError(_("An amount of 100 billion or more is no cost: correct it."))
    return amount


def round_amount(amount: Decimal) -> Decimal:
    """Round to what a cost's column holds, half up."""
    return amount.quantize(STEP, ROUND_HALF_UP)
