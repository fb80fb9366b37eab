"""Raw records in the portal's own shapes, for tests to bend, and the way from them into the mirror."""

from collections.abc import Iterable
from typing import Any

from crmsync.bitrix24.streams import BY_KEY
from crmsync.landing import Landed, land
from crmsync.rows import Rejected, Surroundings, read_row, read_rows

Raw = dict[str, Any]

CREATED = "2026-03-01T10:00:00+03:00"
# The least that each stream takes for a record.
LEAST: dict[str, Raw] = {
    "departments": {"ID": "1"},
    "people": {"ID": "1"},
    "pipelines": {"id": 1},
    "stages": {"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": "NEW"},
    "sources": {"ENTITY_ID": "SOURCE", "STATUS_ID": "WEB"},
    "currencies": {"CURRENCY": "USD"},
    "companies": {"id": 1, "createdTime": CREATED},
    "contacts": {"id": 1, "createdTime": CREATED},
    "lead_history": {"ID": 1, "OWNER_ID": 1, "CREATED_TIME": CREATED, "STATUS_ID": "NEW"},
    "deal_history": {"ID": 1, "OWNER_ID": 1, "CREATED_TIME": CREATED, "STAGE_ID": "NEW"},
    "leads": {"id": 1, "createdTime": CREATED},
    "deals": {"id": 1, "createdTime": CREATED},
    "product_rows": {"id": 1, "ownerId": 1},
    "products": {"id": 1},
    "activities": {"ID": "1"},
}


def make_raw(stream: str, **fields: Any) -> Raw:
    return {**LEAST[stream], **fields}


def read_one(stream: str, **fields: Any) -> Raw:
    """Read one record's columns; *Raises* MalformedError."""
    return read_row(BY_KEY[stream], make_raw(stream, **fields))


def land_raws(around: Surroundings, stream: str, raws: Iterable[Any], *, first: bool = False) -> Landed:
    """Land good records as a page of the synchronisation would."""
    rows, rejected = read_rows(BY_KEY[stream], raws, around)
    assert rejected == []
    return land(BY_KEY[stream], rows, around, first=first)


def reject_raws(around: Surroundings, stream: str, raws: Iterable[Any]) -> list[Rejected]:
    """Read records of which none is readable."""
    rows, rejected = read_rows(BY_KEY[stream], raws, around)
    assert rows == []
    return rejected
