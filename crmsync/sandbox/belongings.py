"""What hangs on a record: the history, activities and product rows of its own, and the links that name it."""

from collections.abc import Iterator
from typing import Any

from crmsync.sandbox.changes import HISTORY_OF, ROW_OWNERS
from crmsync.sandbox.contents import Contents
from crmsync.sandbox.query import make_conditions
from crmsync.sandbox.schema import SCHEMAS, Record

LINKS = {
    "contacts": ("contactId", ("leads", "deals")),
    "companies": ("companyId", ("leads", "deals", "contacts")),
    "leads": ("leadId", ("deals",)),
}
Found = Iterator[tuple[str, int]]


def find_keys(contents: Contents, collection: str, entries: Record) -> list[int]:
    """Return the keys of the records of a collection that a filter finds."""
    conditions = make_conditions(entries, schema=SCHEMAS[collection], offset=contents.offset)
    return [int(key) for key in contents.collections[collection].find(conditions)]


def list_history(contents: Contents, collection: str, key: Any) -> Found:
    """List the stage history of a lead or a deal, as (collection, key)."""
    if collection in HISTORY_OF:
        name = HISTORY_OF[collection]
        yield from ((name, found) for found in find_keys(contents, name, {"OWNER_ID": key}))


def list_owned(contents: Contents, collection: str, key: Any) -> Found:
    """List the activities and product rows of a record."""
    owner = {"OWNER_TYPE_ID": SCHEMAS[collection].entity_type, "OWNER_ID": key}
    if owner["OWNER_TYPE_ID"]:
        yield from (("activities", found) for found in find_keys(contents, "activities", owner))
    if collection in ROW_OWNERS:
        line = {"ownerType": ROW_OWNERS[collection], "ownerId": key}
        yield from (("productrows", found) for found in find_keys(contents, "productrows", line))


def list_links(contents: Contents, collection: str, key: Any) -> Iterator[tuple[str, int, str]]:
    """List the records that name a record, and by which field."""
    field, others = LINKS.get(collection, ("", ()))
    for name in others:
        yield from ((name, found, field) for found in find_keys(contents, name, {field: key}))


def relink(record: Record, field: str, *, key: Any, into: Any) -> Record:
    """Return the change that lets a record name another one, in the list of its links too."""
    listed = record.get(f"{field}s")
    others = {f"{field}s": [into if link == key else link for link in listed]} if isinstance(listed, list) else {}
    return {field: into, **others}
