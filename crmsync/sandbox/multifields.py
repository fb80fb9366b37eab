"""Phones and e-mails of a record: what a write makes of them, in both dialects."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmsync.sandbox.completion import complete_reach
from crmsync.sandbox.schema import Record

CLASSIC_TYPES = ("PHONE", "EMAIL", "WEB", "IM", "LINK")
CLASSIC_KEYS = {"ID": "id", "VALUE_TYPE": "valueType", "VALUE": "value"}


def read_classic(fields: Mapping[str, Any]) -> list[Record]:
    """Read `PHONE: [{ID, VALUE_TYPE, VALUE}]` as multifields of crm.item."""
    return [
        {"typeId": type_id, **{key: item[name] for name, key in CLASSIC_KEYS.items() if name in item}}
        for type_id in CLASSIC_TYPES
        for item in list_items(fields.get(type_id))
    ]


def list_items(value: Any) -> list[Mapping[str, Any]]:
    """Take the maps out of a list; a map of positions, as a form sends it, is a list too."""
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [item for item in values if isinstance(item, dict)]


def merge_multifields(known: Sequence[Record], written: Sequence[Mapping[str, Any]], *, key: int) -> list[Record]:
    """Change the multifields whose id is named and append the rest: a repeated write without ids doubles them.

    Empty: a value that becomes empty takes its multifield away.
    """
    merged = {int(item["id"]): dict(item) for item in known}
    for item in written:
        number = int(item.get("id") or 0)
        if number not in merged:
            number = max([10 * key - 1, *merged]) + 1
        merged[number] = {"valueType": "WORK", **merged.get(number, {}), **item, "id": number}
    return [item for item in merged.values() if item.get("value")]


def spread_multifields(items: list[Record]) -> Record:
    """Return the fields that follow from multifields: themselves, their aliases and flags."""
    spread: Record = {"fm": items}
    complete_reach(spread)
    return spread
