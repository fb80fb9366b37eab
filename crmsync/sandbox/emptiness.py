"""The many ways in which the portal writes nothing."""

from typing import Any

from crmsync.sandbox.comparing import NUMBERS
from crmsync.sandbox.naming import stored_name
from crmsync.sandbox.schema import Record, Schema

EMPTY_LINKS: tuple[Any, ...] = (None, "", "0", 0, False)
EMPTY_MOMENTS: tuple[Any, ...] = ("", None, {})
EMPTY_LISTS: tuple[Any, ...] = (None, False, "", [])
EMPTY_TEXTS: tuple[Any, ...] = (None, "")
EMPTY_CUSTOM: tuple[Any, ...] = (None, "", False, [], {})


def respell_nothing(record: Record, *, schema: Schema, turn: int) -> None:
    """Replace each empty value by another spelling of nothing that the portal also uses."""
    for place, (name, value) in enumerate(record.items()):
        spellings = spellings_of_nothing(stored_name(name), schema=schema)
        if name != schema.key and spellings and value in (None, "", 0, "0", False, []):
            record[name] = spellings[(turn + place) % len(spellings)]


def spellings_of_nothing(name: str, *, schema: Schema) -> tuple[Any, ...]:
    """Return how an empty field of this kind may be written; amounts and flags have one way only."""
    kind = schema.kind_of(name)
    if name.startswith("UF_CRM_"):
        return EMPTY_CUSTOM
    if kind in ("datetime", "date"):
        return EMPTY_MOMENTS
    if kind in NUMBERS - {"double", "integer", "crm_category"}:
        return EMPTY_LINKS
    if kind == "list":
        return EMPTY_LISTS
    return EMPTY_TEXTS if kind in ("string", "text", "crm_status") else ()
