"""Which days a change touches: the old and the new day, of the old and the new employee. Pure.

A record's figures are what later stages may add up; a change that leaves them alone touches nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Row = Mapping[str, Any]
Cell = tuple[int | None, date]

# By table: the columns from which a record's figures are built, read from the mirror before it is overwritten.
SOLD = ("responsible_id", "created_on", "semantics", "source_external_id", "utm_campaign")
COLUMNS: dict[str, tuple[str, ...]] = {
    "lead": SOLD,
    "deal": (
        *SOLD,
        "credited_to_id",
        "closed_on",
        "closed_at",
        "closed_source",
        "amount_base",
        "cycle_seconds",
        "is_recurring",
        "lead_external_id",
        "company_external_id",
        "contact_external_id",
    ),
    "activity": (
        "responsible_id",
        "started_on",
        "started_at",
        "kind",
        "direction",
        "is_completed",
        "owner_type",
        "owner_external_id",
    ),
}
DATES: dict[str, tuple[tuple[str, str], ...]] = {
    "lead": (("responsible_id", "created_on"),),
    "deal": (("responsible_id", "created_on"), ("credited_to_id", "closed_on")),
    "activity": (("responsible_id", "started_on"),),
}


def find_cells(table: str, before: Row | None, after: Row | None) -> set[Cell]:
    """Find the days that a change touches; none when no figure differs."""
    columns = COLUMNS.get(table, ())
    if not columns or (before and after and all(before[name] == after[name] for name in columns)):
        return set()
    return {cell for row in (before, after) if row for cell in list_cells(table, row)}


def list_cells(table: str, row: Row) -> Iterable[Cell]:
    """List the employee and day under which a record is counted."""
    return ((row[who], row[day]) for who, day in DATES[table] if row[day])
