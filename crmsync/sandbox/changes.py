"""What follows from a change: stamps, stage flags, the history row a move leaves behind."""

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.schema import SCHEMAS, Record

HISTORY_OF = {"leads": "stagehistory_leads", "deals": "stagehistory_deals"}
OWNER_TYPES = {"leads": 1, "deals": 2}
ROW_OWNERS = {"leads": "L", "deals": "D"}
CREATED, MOVED, FINISHED, REROUTED = 1, 2, 3, 5
FINAL = ("S", "F")


def change_record(
    collection: str,
    before: Record,
    changes: Mapping[str, Any],
    *,
    stamp: str,
    by: int | None,
    semantics: Mapping[str, str],
) -> Record:
    """Return the record after a change, with its modification stamp and, after a move, its stage flags."""
    schema = SCHEMAS[collection]
    after = {**before}
    if schema.updated:
        after[schema.updated] = stamp
    if schema.entity_type and by is not None:
        after["updatedBy"] = by
    if is_move(collection, before, changes):
        after.update(stage_flags(collection, changes.get("stageId", before["stageId"]), semantics=semantics))
        after.update(movedTime=stamp, movedBy=after["updatedBy"])
        if "dateClosed" in schema.fields:
            after["dateClosed"] = stamp if after["stageSemanticId"] in FINAL else None
    return {**after, **changes}


def is_move(collection: str, before: Mapping[str, Any], changes: Mapping[str, Any]) -> bool:
    """Tell whether a change moves a lead or a deal to another stage or pipeline."""
    return collection in HISTORY_OF and any(
        name in changes and changes[name] != before.get(name) for name in ("stageId", "categoryId")
    )


def stage_flags(collection: str, stage: str, *, semantics: Mapping[str, str]) -> Record:
    """Return what a stage says about its record: the semantics and, for a deal, whether it is closed."""
    meaning = semantics.get(f"{collection}:{stage}", "P")
    flags: Record = {"stageSemanticId": meaning}
    if collection == "deals":
        flags["closed"] = "Y" if meaning in FINAL else "N"
    return flags


def make_history(collection: str, record: Mapping[str, Any], *, change: int, key: int, stamp: str) -> Record:
    """Make the row of crm.stagehistory.list for the stage a record is in."""
    row: Record = {"ID": key, "TYPE_ID": change, "OWNER_ID": record["id"], "CREATED_TIME": stamp}
    if collection == "leads":
        return {**row, "STATUS_SEMANTIC_ID": record["stageSemanticId"], "STATUS_ID": record["stageId"]}
    return {
        **row,
        "CATEGORY_ID": record["categoryId"],
        "STAGE_SEMANTIC_ID": record["stageSemanticId"],
        "STAGE_ID": record["stageId"],
    }


def type_of_move(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Return the TYPE_ID of the history row a move writes."""
    if before.get("categoryId") != after.get("categoryId"):
        return REROUTED
    return FINISHED if after["stageSemanticId"] in FINAL else MOVED
