"""The cells of a grid as HTML: a plan of 500 people has thousands, which templates would write for seconds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.html import escape

from kpis.kpi import Kpi
from targets.admin.layers import FIELD_NAMES, View
from targets.changes import NOTHING, Changes, name_field
from targets.grids import Grid, Place, Row, Stored
from targets.numbers import Writer


@dataclass(frozen=True, slots=True)
class Pen:
    """What all cells of a grid are written with."""

    grid: Grid
    view: View
    changes: Changes
    can_edit: bool
    writer: Writer
    link: str
    wrong: Mapping[Place, str]

    def write_cell(self, row: Row, kpi: Kpi, form: str) -> str:
        """Write one cell: its field, what was reached before, and what is wrong with it."""
        target = self.grid.targets.get((row.member, kpi.key), NOTHING)
        place, layer = (row.member, kpi.key, self.view.layer), self.view.layer
        stored = self.write_field(target, layer)
        marks = "".join(self.list_marks(row, kpi))
        below = self.write_below(row, kpi, target)
        link = f'<a href="{self.link}{row.member}.{kpi.key}#panel" tabindex="-1">{below}</a>'
        if not self.can_edit:
            return f'<td id="c-{row.member}-{kpi.key}"{marks}><b>{stored or "–"}</b>{link}</td>'
        kept = self.changes.kept.get(place)
        shown = stored if kept is None else str(escape(kept))
        was = "" if kept is None else f' data-was="{stored}"'
        return (
            f'<td id="c-{row.member}-{kpi.key}"{marks}><input name="{name_field(*place[:2], target.version, layer)}" '
            f'value="{shown}"{was} form="{form}" aria-labelledby="r-{row.member} k-{kpi.key}" inputmode="decimal">'
            f"{link}{self.write_note(row, kpi)}</td>"
        )

    def list_marks(self, row: Row, kpi: Kpi) -> Iterator[str]:
        """List the attributes of a cell: whether it is changed or wrong, and what its ratio is weighed by."""
        if (row.member, kpi.key) in self.wrong:
            yield ' class="itogi-wrong"'
        elif (row.member, kpi.key, self.view.layer) in self.changes.kept:
            yield ' class="itogi-changed"'
        if kpi.denominator is not None:
            result = self.grid.earlier[0].results[kpi.key].get(row.employee)
            yield f' data-by="{result.denominator or 0 if result else 0}"'

    def write_field(self, target: Stored, name: str) -> str:
        """Write what is stored. Empty: no weight and no least sample are shown as nothing."""
        return self.writer.write_plain(getattr(target, name) or None)

    def write_below(self, row: Row, kpi: Kpi, target: Stored) -> str:
        """Write what stands under a target: the last period and a year before; under other fields the target."""
        if self.view.layer != "value":
            return self.writer.write_plain(target.value) or "–"
        told = (earlier.results[kpi.key].get(row.employee) for earlier in self.grid.earlier)
        return " · ".join(self.writer.write_rounded(each.value if each else None, kpi.unit) for each in told)

    def write_note(self, row: Row, kpi: Kpi) -> str:
        """Write why a cell cannot be saved as it is. Empty: an empty text for one that can."""
        text = self.wrong.get((row.member, kpi.key))
        return f"<em>{escape(text)}</em>" if text else ""


def list_wrong(grid: Grid, view: View, changes: Changes, writer: Writer) -> dict[Place, str]:
    """List what is wrong by cell: what cannot be read, and what is stored now beside what was typed."""
    wrong = {
        (member, kpi): text if field == view.layer else f"{FIELD_NAMES[field]}: {text}"
        for (member, kpi, field), text in changes.errors.items()
    }
    for place, text in changes.conflicts.items():
        target = grid.targets.get(place, NOTHING)
        fields = [field for member, kpi, field in changes.kept if (member, kpi) == place]
        told = [f"{FIELD_NAMES[each]} {writer.write_plain(getattr(target, each)) or '–'}" for each in fields]
        wrong[place] = f"{text}: {', '.join(told)}"
    return wrong
