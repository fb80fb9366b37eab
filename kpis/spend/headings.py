"""Where a file's headings stand, and which of the known formats they tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kpis.spend.cells import (
    Cell,
    write_cell,
)
from kpis.spend.columns import FORMATS, Format, make_plain
from kpis.spend.files import Line, SpendFileError, Table

# Ad systems write a title and a period above the headings.
HEADED_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Headed:
    """A table whose headings were found."""

    format: Format
    places: Mapping[str, int]
    currency: str
    lines: Sequence[Line]

    def get(self, line: Line, name: str) -> Cell:
        """Get a line's cell by the name of its column. *Empty*: None where there is none."""
        place = self.places.get(name, len(line.cells))
        return line.cells[place] if place < len(line.cells) else None

    def write(self, line: Line, name: str) -> str | None:
        """Write a line's cell as text. *Empty*: None where the file has no such column."""
        return write_cell(self.get(line, name)) if name in self.places else None


def choose_table(tables: Sequence[Table]) -> Headed:
    """Choose the table whose headings say most. *Raises* SpendFileError when none has a day and an amount."""
    found = [headed for table in tables if (headed := find_headings(table))]
    if found:
        return max(found, key=lambda headed: len(headed.places))
    raise SpendFileError(
        _(
            "No headings were found in the first %(lines)d lines: name a column “Date” and a column “Amount”, "
            "as in the example file."
        )
        % {"lines": HEADED_WITHIN}
    )


def find_headings(table: Table) -> Headed | None:
    """Find the line of headings and the format that fits it best. *Empty*: None without a day and an amount."""
    for place, line in enumerate(table[:HEADED_WITHIN]):
        plain = [make_plain(write_cell(cell)) for cell in line.cells]
        names = [name for name, _currency in plain]
        fitting = [kind for kind in FORMATS if not kind.columns["day"].isdisjoint(names)]
        fitting = [kind for kind in fitting if not kind.columns["amount"].isdisjoint(names)]
        if fitting:
            best = max(fitting, key=lambda kind: score(kind, names))
            places = find_places(best, names, written=[write_cell(cell) for cell in line.cells])
            return Headed(best, places, plain[places["amount"]][1], table[place + 1 :])
    return None


def score(kind: Format, names: Sequence[str]) -> int:
    """Count the headings that speak for a format."""
    known = kind.marks.union(*kind.columns.values())
    return len(known.intersection(names))


def find_places(kind: Format, names: Sequence[str], *, written: Sequence[str]) -> dict[str, int]:
    """Find where a format's columns stand. *Raises* SpendFileError when two headings mean the same."""
    places: dict[str, int] = {}
    for column, headings in kind.columns.items():
        found = [place for place, name in enumerate(names) if name in headings]
        if len(found) > 1:
            message = _("The columns “%(first)s” and “%(second)s” mean the same: leave one of them in the file.")
            raise SpendFileError(message % {"first": written[found[0]], "second": written[found[1]]})
        places |= dict.fromkeys([column] if found else [], found[0] if found else 0)
    return places
