"""From tables of cells to costs: find the headings, tell the format, read line by line. Pure but for the language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kpis.spend.cells import (
    SLASHED,
    Cell,
    CellError,
    find_order,
    find_point,
    read_amount,
    read_day,
    write_cell,
)
from kpis.spend.columns import Format, find_currency
from kpis.spend.files import Line, SpendFileError, Table
from kpis.spend.headings import Headed, choose_table

TOTALS = ("итог", "всего", "total", "grand total")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line's cost as it is written; texts are still to be looked up, None where the file has no such column."""

    line: int
    day: date
    amount: Decimal
    currency: str = ""
    campaign: str = ""
    source: str | None = None
    kind: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Lines that cannot be taken, and one sentence that says what to do."""

    lines: tuple[int, ...]
    text: str


@dataclass(slots=True)
class Reading:
    """What a file says."""

    format: Format
    entries: list[Entry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_costs(tables: Iterable[Table], *, campaign_by: str = "name") -> Reading:
    """Read the costs of the first table that has headings. *Raises* SpendFileError when none has."""
    headed = choose_table(list(tables))
    if campaign_by == "number" and "campaign_id" not in headed.places:
        raise SpendFileError(_("The file has no column with the campaign's number: choose campaigns by name."))
    reading = Reading(headed.format)
    days = [headed.get(line, "day") for line in headed.lines]
    order, point = find_order(days), find_point(headed.get(line, "amount") for line in headed.lines)
    for line in headed.lines:
        try:
            reading.entries.append(read_line(headed, line, order=order, point=point, campaign_by=campaign_by))
        except CellError as error:
            if is_total(line):
                reading.totals.append(line.number)
            else:
                reading.refusals.append(Refusal((line.number,), str(error)))
    reading.notices += tell_reading(reading, days, order=order)
    return reading


def read_line(headed: Headed, line: Line, *, order: str | None, point: str | None, campaign_by: str) -> Entry:
    """Read one line. *Raises* CellError."""
    day = read_day(headed.get(line, "day"), order=order)
    amount, sign = read_amount(headed.get(line, "amount"), point=point)
    named = read_currency(headed.write(line, "currency") or "")
    return Entry(
        line=line.number,
        day=day,
        amount=amount,
        currency=choose_currency(named, sign, headed.currency),
        campaign=choose_campaign(headed, line, campaign_by=campaign_by),
        source=headed.write(line, "source"),
        kind=headed.write(line, "kind"),
        note=check_length(headed.write(line, "note")),
    )


def read_currency(text: str) -> str:
    """Read a currency's code or sign. *Empty*: "" for nothing. *Raises* CellError."""
    found = find_currency(text)
    if text and not found:
        raise CellError(_("“%(text)s” is no currency: write its code, such as RUB.") % {"text": text})
    return found


def choose_currency(*named: str) -> str:
    """Find the one currency that column, cell and heading name. *Empty*: "". *Raises* CellError on two of them."""
    found = list(dict.fromkeys(filter(None, named)))
    if len(found) > 1:
        message = _("The line names two currencies, %(first)s and %(second)s: leave one of them.")
        raise CellError(message % {"first": found[0], "second": found[1]})
    return found[0] if found else ""


def choose_campaign(headed: Headed, line: Line, *, campaign_by: str) -> str:
    """Find the campaign's name, or its number. *Raises* CellError when it is too long."""
    name, number = headed.write(line, "campaign"), headed.write(line, "campaign_id")
    return check_length(number if campaign_by == "number" or name is None else name) or ""


def check_length(text: str | None) -> str | None:
    """Refuse text that its column cannot hold. *Raises* CellError."""
    if text and len(text) > 255:
        raise CellError(_("“%(text)s…” is longer than 255 letters: shorten it.") % {"text": text[:20]})
    return text


def is_total(line: Line) -> bool:
    """Tell whether a line that is no cost sums others up."""
    texts = [write_cell(cell).casefold() for cell in line.cells if isinstance(cell, str)]
    return any(text.startswith(TOTALS) for text in texts)


def tell_reading(reading: Reading, days: Iterable[Cell], *, order: str | None) -> list[str]:
    """Say what was understood in one way and could be meant in another."""
    notices = []
    slashed = next((write_cell(day) for day in days if SLASHED.match(write_cell(day))), None)
    if slashed and order == "dm":
        notices.append(_("Dates such as %(date)s are read with the day first.") % {"date": slashed})
    if slashed and order == "md":
        message = _("Dates such as %(date)s are read with the month first, because some are not possible otherwise.")
        notices.append(message % {"date": slashed})
    if reading.totals:
        lines = ", ".join(map(str, reading.totals))
        notices.append(_("Lines with totals are left out: %(lines)s.") % {"lines": lines})
    return notices
