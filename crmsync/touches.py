"""What a change touches: the old and the new day, of the old and the new employee, and the records around it. Pure.

A record's figures are what later stages may add up; a change that leaves them alone touches nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

Row = Mapping[str, Any]
Cell = tuple[int | None, date]
# Bitrix24's entity type and the record's CRM id.
Record = tuple[int, int]

LEAD, DEAL, CONTACT, COMPANY = 1, 2, 3, 4

# By table: the columns from which a record's figures are built, read from the mirror before it is overwritten.
SOLD = ("responsible_id", "created_on", "semantics", "source_external_id", "utm_campaign")
COLUMNS: dict[str, tuple[str, ...]] = {
    # The instant counts beside the day: answers and sales are timed from it.
    "lead": (*SOLD, "created_at"),
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
# By table: what no day's figures show, yet what is derived from several records together depends on.
BESIDE: dict[str, tuple[str, ...]] = {
    "deal": ("custom_fields",),
    "company": ("is_own",),
    "product": ("purchase_price", "purchase_currency"),
}
# By table: the records around which a change is, each as its type, or the column that tells it, and its id.
AROUND: dict[str, tuple[tuple[int | str, str], ...]] = {
    "lead": ((LEAD, "external_id"),),
    "deal": (
        (DEAL, "external_id"),
        (LEAD, "lead_external_id"),
        (COMPANY, "company_external_id"),
        (CONTACT, "contact_external_id"),
    ),
    "activity": (("owner_type", "owner_external_id"),),
    "company": ((COMPANY, "external_id"),),
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


def find_records(table: str, before: Row | None, after: Row | None) -> set[Record]:
    """Find the records around which a change is, the old and the new; none when nothing that counts differs."""
    if table not in AROUND:
        return set()
    if table == "company":
        # An ordinary company decides nothing; the portal's own legal entities are no customers.
        before, after = (row if row and row["is_own"] else None for row in (before, after))
    if before and after and all(before[name] == after[name] for name in list_columns(table)):
        return set()
    return {record for row in (before, after) if row for record in list_around(table, row)}


def list_around(table: str, row: Row) -> Iterable[Record]:
    """List the records that a row belongs to, itself included where others are derived from it."""
    told = ((row[kind] if isinstance(kind, str) else kind, row[key]) for kind, key in AROUND[table])
    return ((kind, key) for kind, key in told if kind and key)


def list_columns(table: str) -> tuple[str, ...]:
    """List the columns on which a change is judged, to be read before a row is overwritten."""
    return (*COLUMNS.get(table, ()), *BESIDE.get(table, ()))


def is_repriced(table: str, before: Row | None, after: Row | None) -> bool:
    """Tell whether a product costs another price now than the mirror knew."""
    return table == "product" and read_price(before) != read_price(after)


def read_price(product: Row | None) -> tuple[Any, ...]:
    """Read a product's price with its currency. *Empty*: nothing is known without the price."""
    if product is None or product["purchase_price"] is None:
        return ()
    return product["purchase_price"], product["purchase_currency"]
