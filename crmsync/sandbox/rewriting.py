"""Other ways to write the same record: both dialects' spelling of numbers, date-only fields, ends of calls."""

from datetime import datetime, timedelta
from typing import Any

from crmsync.sandbox.comparing import NUMBERS
from crmsync.sandbox.naming import stored_name
from crmsync.sandbox.schema import Record, Schema

CALL = "2"
WHOLE = NUMBERS - {"double"}


def translate(record: Record, *, schema: Schema, dialect: str) -> None:
    """Write numbers as the classic lists do ("410", "999.90"), or as crm.item.* does (410, 999.9), in place."""
    write = write_classic if dialect == "classic" else write_universal
    for name, value in record.items():
        kind = schema.kind_of(stored_name(name)) or ""
        record[name] = [write(item, kind="integer") for item in value] if is_links(value) else write(value, kind=kind)


def is_links(value: Any) -> bool:
    """Tell a list of ids from every other value."""
    return isinstance(value, list) and all(isinstance(item, int | str) for item in value)


def write_classic(value: Any, *, kind: str) -> Any:
    """Write a number as text, an amount with its two places."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{value:.2f}" if kind == "double" else str(value)


def write_universal(value: Any, *, kind: str) -> Any:
    """Write the text of a number as a number, where the field holds one."""
    if not isinstance(value, str) or not value or kind not in NUMBERS:
        return value
    return int(value) if kind in WHOLE and value.isdecimal() else float(value) if kind == "double" else value


def redate(record: Record, *, schema: Schema, shape: str) -> None:
    """Write date-only fields at local midnight, at midnight UTC, or as the bare date, in place."""
    for name, value in record.items():
        if schema.kind_of(name) == "date" and isinstance(value, str) and len(value) > 19:
            tail = {"midnight": f"T00:00:00{value[-6:]}", "utc": "T00:00:00+00:00"}.get(shape, "")
            record[name] = value[:10] + tail


def misplace_end(record: Record, *, hours: float) -> None:
    """Move the end of a call away from where its duration would put it, in place."""
    if str(record.get("TYPE_ID")) == CALL and record.get("END_TIME"):
        record["END_TIME"] = (datetime.fromisoformat(record["END_TIME"]) + timedelta(hours=hours)).isoformat()
