"""Fills a given record up to what the portal would answer: empty fields, derived flags, stamps in its own zone."""

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.instants import DATE_ONLY, day_of, format_day, format_instant, parse_instant
from crmsync.sandbox.naming import stored_name
from crmsync.sandbox.schema import Record, Schema

REACH = {"EMAIL": "email", "PHONE": "phone"}
VALUE_TYPES = ("WORK", "HOME", "MAILING", "MOBILE")


def complete_record(
    given: Mapping[str, Any], *, schema: Schema, offset: int, now: float, semantics: Mapping[str, str]
) -> Record:
    """Return a whole record: what was given, what follows from it, and the empty value of the rest."""
    record = {stored_name(name): value for name, value in given.items()}
    if schema.entity_type:
        complete_item(record, schema=schema, now=format_instant(now, offset=offset), semantics=semantics)
    elif schema.updated:
        complete_activity(record, now=format_instant(now, offset=offset))
    normalise_stamps(record, schema=schema, offset=offset)
    if not schema.sparse:
        for name, known in schema.fields.items():
            record.setdefault(name, known.empty)
    return record


def normalise_stamps(record: Record, *, schema: Schema, offset: int) -> None:
    """Rewrite moments and dates the way the portal prints them; what is no moment stays as it is."""
    for name, known in schema.fields.items():
        at = parse_instant(record.get(name), offset=offset)
        if at is None:
            continue
        if known.kind == "datetime":
            record[name] = format_instant(at, offset=offset)
        elif known.kind == "date" and DATE_ONLY.fullmatch(record[name]):
            record[name] = format_day(day_of(at, offset=offset), offset=offset)


def complete_item(record: Record, *, schema: Schema, now: str, semantics: Mapping[str, str]) -> None:
    """Derive stamps, links, stage flags and reachability of a lead, deal, contact or company."""
    created = record.setdefault("createdTime", now)
    record.setdefault("updatedTime", created)
    record.setdefault("lastActivityTime", created)
    record.setdefault("createdBy", record.get("assignedById"))
    record.setdefault("updatedBy", record.get("createdBy"))
    record["entityTypeId"] = schema.entity_type
    complete_contacts(record, schema=schema)
    if "stageId" in schema.fields:
        complete_stage(record, schema=schema, semantics=semantics)
    if "fm" in schema.fields:
        complete_reach(record)


def complete_contacts(record: Record, *, schema: Schema) -> None:
    """Let contactId and contactIds agree when only one of them is given."""
    if "contactIds" in schema.fields and "contactId" in schema.fields:
        contact = record.get("contactId")
        record.setdefault("contactIds", [contact] if contact else [])
        record.setdefault("contactId", next(iter(record["contactIds"] or []), 0))


def complete_stage(record: Record, *, schema: Schema, semantics: Mapping[str, str]) -> None:
    """Derive what hangs on the stage: its semantics, the closed flag, the moment of the last move."""
    stage = record.setdefault("stageId", "NEW")
    record.setdefault("stageSemanticId", semantics.get(f"{schema.name}:{stage}", "P"))
    record.setdefault("movedTime", record["createdTime"])
    record.setdefault("movedBy", record["updatedBy"])
    if "closed" in schema.fields:
        record.setdefault("closed", "Y" if record["stageSemanticId"] in ("S", "F") else "N")
    elif record["stageSemanticId"] in ("S", "F"):
        record.setdefault("dateClosed", record["movedTime"])


def complete_reach(record: Record) -> None:
    """Let the multifields `fm` and their aliases (email, phoneWork) agree, whichever is given."""
    if record.get("fm") is None:
        record["fm"] = make_multifields(record)
    for type_id, alias in REACH.items():
        values = [item for item in record["fm"] or [] if item.get("typeId") == type_id]
        record.setdefault(alias, values[0]["value"] if values else "")
        for value_type in VALUE_TYPES:
            typed = (item["value"] for item in values if item.get("valueType") == value_type)
            record.setdefault(alias + value_type.capitalize(), next(typed, ""))
    record.setdefault("hasEmail", "Y" if record["email"] else "N")
    record.setdefault("hasPhone", "Y" if record["phone"] else "N")


def make_multifields(record: Mapping[str, Any]) -> list[Record]:
    """Make the multifields of a record that gives only aliases."""
    made: list[Record] = []
    for type_id, alias in REACH.items():
        value = record.get(alias) or record.get(f"{alias}Work")
        if value:
            number = 10 * int(record["id"]) + len(made)
            made.append({"id": number, "typeId": type_id, "valueType": "WORK", "value": value})
    return made


def complete_activity(record: Record, *, now: str) -> None:
    """Derive the stamps and people of an activity."""
    created = record.setdefault("CREATED", record.get("START_TIME") or now)
    record.setdefault("LAST_UPDATED", created)
    record.setdefault("START_TIME", created)
    record.setdefault("END_TIME", record["START_TIME"])
    record.setdefault("DEADLINE", record["START_TIME"])
    record.setdefault("AUTHOR_ID", record.get("RESPONSIBLE_ID"))
    record.setdefault("EDITOR_ID", record["AUTHOR_ID"])
