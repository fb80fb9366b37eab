"""What was typed into a plan's grid, as cells to write: unchanged ones are left out, conflicts and errors are named.

A field is named by its employee, KPI, the version that was shown, and what it is: `c.17.revenue.3.value`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from targets.cells import FIELDS, Cell
from targets.errors import PlanError
from targets.grids import Place, Stored
from targets.models import Target
from targets.numbers import read_decimal

NAME = re.compile(rf"c\.(?P<member>\d{{1,18}})\.(?P<kpi>\w+)\.(?P<version>\d{{1,9}})\.(?P<field>{'|'.join(FIELDS)})")
NOTHING = Stored(None, Decimal(0), None, None, 0, None, 0)
MOST_SAMPLE = 1_000_000_000


class Entry(NamedTuple):
    """One field that was sent: where, what was shown there, and what is there now: text, or a number of a table."""

    member: int
    kpi: str
    version: int
    field: str
    text: Any


# By member, KPI and field: what the editor has typed, which stays on the page until it is saved.
Kept = dict[tuple[int, str, str], str]


@dataclass(slots=True)
class Changes:
    """What of the entries is new. `kept` is every changed text, `errors` and `conflicts` are sentences about it."""

    cells: list[Cell] = field(default_factory=list)
    kept: Kept = field(default_factory=dict)
    errors: dict[tuple[int, str, str], str] = field(default_factory=dict)
    conflicts: dict[Place, str] = field(default_factory=dict)


def name_field(member: int, kpi: str, version: int, name: str) -> str:
    """Name a field of the grid."""
    return f"c.{member}.{kpi}.{version}.{name}"


def read_entries(data: Iterable[tuple[str, str]]) -> list[Entry]:
    """Read the fields of a grid among all that was sent; what is no field of a grid is not ours."""
    found = ((NAME.fullmatch(name), text) for name, text in data)
    return [Entry(int(m["member"]), m["kpi"], int(m["version"]), m["field"], text) for m, text in found if m]


def unpack_lines(text: str) -> list[tuple[str, str]]:
    """Unpack changed fields that were sent as lines of name, tab, text: a form may not have thousands of fields."""
    return [(name, value) for name, _tab, value in (line.partition("\t") for line in text.splitlines())]


def find_changes(entries: Iterable[Entry], stored: Mapping[Place, Stored], *, point: str | None) -> Changes:
    """Find what entries change of what was shown, and which of that others have changed meanwhile."""
    changes = Changes()
    shown = read_shown(entries, stored)
    values: dict[tuple[int, str, int], dict[str, Any]] = {}
    for entry in entries:
        key = (entry.member, entry.kpi, entry.field)
        try:
            value = read_field(entry, point=point)
        except PlanError as error:
            changes.kept[key], changes.errors[key] = entry.text, str(error)
            continue
        if value != getattr(shown[entry.member, entry.kpi, entry.version], entry.field):
            changes.kept[key] = entry.text
            values.setdefault((entry.member, entry.kpi, entry.version), {})[entry.field] = value
    for (member, kpi, version), found in values.items():
        changes.cells.append(Cell(member=member, kpi=kpi, version=version, values=found))
        if is_overtaken(stored.get((member, kpi), NOTHING), version, found):
            changes.conflicts[member, kpi] = tell_stored(member, kpi)
    return changes


def is_overtaken(target: Stored, version: int, values: Mapping[str, Any]) -> bool:
    """Say whether somebody else has changed a target since it was shown, to something else than is wanted."""
    return target.version != version and any(getattr(target, name) != value for name, value in values.items())


def read_field(entry: Entry, *, point: str | None) -> Any:
    """Read what a field holds. Empty: no weight and no least sample are 0. Raises: PlanError."""
    value = read_decimal(entry.text, point=point)
    if entry.field == "weight":
        return value or Decimal(0)
    if entry.field != "min_sample":
        return value
    sample = value or Decimal(0)
    if sample != int(sample) or not 0 <= sample <= MOST_SAMPLE:
        raise PlanError(_("“%(text)s” is no sample: write a whole number, 0 for none.") % {"text": entry.text})
    return int(sample)


def read_shown(entries: Iterable[Entry], stored: Mapping[Place, Stored]) -> dict[tuple[int, str, int], Stored]:
    """Read what the editor was shown: what is stored, or the version that it was, kept in the history."""
    keys = {(entry.member, entry.kpi, entry.version) for entry in entries}
    shown = {key: stored.get(key[:2], NOTHING) for key in keys}
    old = {key for key in keys if shown[key].version != key[2]}
    if not old:
        return shown
    fields = ("member_id", "kpi", "version", *Stored._fields)
    history = Target.history.filter(member_id__in={member for member, *_ in old}).order_by("history_id")
    known = {row[:3]: Stored(*row[3:]) for row in history.values_list(*fields)}
    return shown | {key: known.get(key, NOTHING) for key in old}


def tell_stored(member: int, kpi: str) -> str:
    """Say who has changed a target meanwhile. Empty: somebody, where he is not known any more."""
    who = Target.objects.filter(member=member, kpi=kpi).values_list("changed_by__username", flat=True).first()
    return _("%(who)s has changed this target meanwhile") % {"who": who or _("somebody")}
