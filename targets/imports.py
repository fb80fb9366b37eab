"""Tables of a plan's targets: first what a file would change, then, if that still holds, the change; all or nothing.

A file is an export that was changed: rows are known by the member and the KPI, conflicts by the version.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kpis.spend.cells import Cell as FileCell
from kpis.spend.cells import find_point, write_cell
from kpis.spend.files import Line, SpendFileError, Table, read_tables
from targets.cells import FIELDS, Cell, Written, check_cell, write_cells
from targets.changes import NOTHING, Entry, is_overtaken, read_field, tell_stored
from targets.errors import PlanError, StaleError
from targets.exports import list_headings
from targets.grids import Place, Stored, read_targets
from targets.models import TargetPlan

NEEDED = ("member", "kpi", "version")


@dataclass(frozen=True, slots=True)
class Difference:
    """A target as the file has it, and what is stored now."""

    line: int
    name: str
    kpi: str
    stored: Stored
    values: Mapping[str, Any]


@dataclass(slots=True)
class Preview:
    """What a file would change. Shape: in the file's order; refused and conflicting ones with a sentence."""

    added: list[Difference] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    conflicts: list[tuple[Difference, str]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    same: int = 0
    cells: list[Cell] = field(default_factory=list)

    @property
    def can_apply(self) -> bool:
        """Tell whether there is something to write, and nothing to correct or to settle."""
        return bool(self.cells) and not self.refused and not self.conflicts

    @property
    def fingerprint(self) -> str:
        """A text that differs when anything of the change does."""
        told = [(cell.member, cell.kpi, cell.version, sorted(cell.values.items())) for cell in self.cells]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def preview_file(plan: TargetPlan, content: bytes) -> Preview:
    """Tell what a file would change, without writing. Raises: PlanError when it cannot be read at all."""
    lines, columns = read_lines(content)
    point = find_point(line.cells[place] for line in lines for place in number_columns(columns, line))
    members = {member.pk: member for member in plan.members.select_related("employee")}
    stored, preview, seen = read_targets(plan), Preview(), set[Place]()
    for line in lines:
        told = {name: line.cells[place] for name, place in columns.items() if place < len(line.cells)}
        try:
            cell = read_row(plan, told, point=point)
            check_cell(cell, members)
            check_once((cell.member, cell.kpi), seen)
        except PlanError as error:
            preview.refused.append((line.number, str(error)))
            continue
        old = stored.get((cell.member, cell.kpi), NOTHING)
        compare(preview, Difference(line.number, str(members[cell.member].employee), cell.kpi, old, cell.values), cell)
    return preview


def apply_file(plan: TargetPlan, content: bytes, *, by: Any, fingerprint: str, reason: str = "") -> Written:
    """Write what a file changes, when that is what was shown. Raises: PlanError, and then nothing is written."""
    preview = preview_file(plan, content)
    if not preview.can_apply or preview.fingerprint != fingerprint:
        raise StaleError(
            _("The targets have changed meanwhile and nothing was written: look at the differences again.")
        )
    return write_cells(plan, preview.cells, by=by, reason=reason)


def read_lines(content: bytes) -> tuple[list[Line], dict[str, int]]:
    """Read the rows below the headings, and where each column stands. Raises: PlanError."""
    try:
        tables = read_tables(content)
    except SpendFileError as error:
        raise PlanError(str(error)) from error
    for table in tables:
        columns = find_columns(table)
        if columns:
            return table[1:], columns
    raise PlanError(
        _("The file has no columns “Member ID”, “KPI code” and “Version”: export the plan and change that.")
    )


def find_columns(table: Table) -> dict[str, int]:
    """Find the columns by their headings, in any language of the site. Empty: nothing without those needed."""
    headings = [write_cell(cell).strip().casefold() for cell in table[0].cells] if table else []
    names = {text.casefold(): name for language, _name in settings.LANGUAGES for name, text in name_columns(language)}
    found = {names[text]: place for place, text in enumerate(headings) if text in names}
    return found if all(name in found for name in NEEDED) else {}


def name_columns(language: str) -> list[tuple[str, str]]:
    """Name the columns in a language."""
    with translation.override(language):
        return list(list_headings().items())


def number_columns(columns: Mapping[str, int], line: Line) -> Iterator[int]:
    """List where a line has numbers that a decimal separator can be told from."""
    return (columns[name] for name in FIELDS if name in columns and columns[name] < len(line.cells))


def read_row(plan: TargetPlan, told: Mapping[str, FileCell], *, point: str | None) -> Cell:
    """Read one row; numbers whose column the file does not have stay as they are. Raises: PlanError."""
    member, version = (read_whole(told.get(name)) for name in ("member", "version"))
    if "plan" in told and read_whole(told["plan"]) != plan.pk:
        raise PlanError(_("The row belongs to another plan: import it there."))
    kpi = write_cell(told.get("kpi"))
    entries = ((name, Entry(member, kpi, version, name, told[name])) for name in FIELDS if name in told)
    values = {name: read_field(entry, point=point) for name, entry in entries}
    return Cell(member=member, kpi=kpi, version=version, values=values)


def read_whole(cell: FileCell) -> int:
    """Read an ID or a version. Raises: PlanError."""
    text = write_cell(cell)
    if not text.isdecimal() or len(text) > 18:
        raise PlanError(
            _("“%(text)s” is no ID or version: leave these columns as they were exported.") % {"text": text}
        )
    return int(text)


def check_once(place: Place, seen: set[Place]) -> None:
    """Check that a target stands in the file once. Raises: PlanError."""
    if place in seen:
        raise PlanError(_("The same employee and KPI stand in the file twice: leave one row."))
    seen.add(place)


def compare(preview: Preview, row: Difference, cell: Cell) -> None:
    """Add one target to what is added, changed, conflicting or the same."""
    if all(getattr(row.stored, name) == value for name, value in row.values.items()):
        preview.same += 1
        return
    if is_overtaken(row.stored, cell.version, row.values):
        preview.conflicts.append((row, tell_stored(cell.member, cell.kpi)))
        return
    preview.cells.append(cell)
    (preview.changed if row.stored.version else preview.added).append(row)
