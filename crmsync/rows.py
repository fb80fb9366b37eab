"""Raw records to rows of the mirror: read each column, then add what the mirror itself knows about the record."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from crmsync.bitrix24.activities import Rule, classify, freeze_rules
from crmsync.bitrix24.normalize import MalformedError, shorten
from crmsync.bitrix24.stream import Stream
from crmsync.conversion import Rates
from crmsync.models import Activity, Deal, Entity, Lead, OwnedRow, Portal
from crmsync.people import People
from crmsync.stages import Stages
from crmsync.storable import drop_unstorable, write_json

Row = dict[str, Any]


@dataclass
class Surroundings:
    """What a record is read against: its portal's people, stages, rates and rules."""

    portal: Portal
    people: People
    stages: Stages
    rates: Rates
    rules: tuple[Rule, ...]


def survey_portal(portal: Portal, *, people: People, rates: Rates) -> Surroundings:
    """Gather the surroundings of a portal's records as the mirror now has them."""
    return Surroundings(portal, people, Stages(portal), rates, freeze_rules(portal.activity_map))


@dataclass(frozen=True)
class Rejected:
    """A record that could not be read, and why."""

    external_id: str
    reason: str
    payload: Any


def read_rows(stream: Stream, raws: Iterable[Any], around: Surroundings) -> tuple[list[Row], list[Rejected]]:
    """Read records into rows, the unreadable ones apart. *Shape*: columns of the stream's model; one row a key."""
    rows: dict[Any, Row] = {}
    rejected: list[Rejected] = []
    for raw in raws:
        try:
            row = read_row(stream, raw)
        except MalformedError as error:
            rejected.append(reject(stream, raw, str(error)))
            continue
        rows[find_key(stream, row)] = row
    around.people.ensure(row.get("responsible") for row in rows.values())
    return [complete_row(stream, row, around) for row in rows.values()], rejected


def find_key(stream: Stream, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give what tells a row apart from the others of its stream."""
    return tuple(row[name] for name in stream.unique)


def read_row(stream: Stream, raw: Any) -> Row:
    """Read every declared column of one record. *Raises* MalformedError with the field's name."""
    if not isinstance(raw, dict):
        raise MalformedError(f"{shorten(raw)} is no record")
    row: Row = dict(stream.constants)
    for column in stream.columns:
        try:
            value = column.read(raw if column.needs else raw.get(column.source))
        except MalformedError as error:
            raise MalformedError(f"{column.source}: {error}") from None
        if column.required and value in (None, ""):
            raise MalformedError(f"{column.source} is missing")
        row[column.name] = value
    if stream.custom_key:
        row["custom_fields"] = raw.get("custom_fields") or {}
    return row


def reject(stream: Stream, raw: Any, reason: str) -> Rejected:
    """Describe an unreadable record for the quarantine."""
    return Rejected(name_record(stream, raw), reason[:500], json.loads(write_json(raw)))


def name_record(stream: Stream, raw: Any) -> str:
    """Name a raw record by the id that the portal gives it, readable or not."""
    found = raw.get(stream.id_field) if isinstance(raw, dict) else None
    return drop_unstorable(str(found) if isinstance(found, str | int) else shorten(found or raw))[:64]


def fingerprint(row: Row, *, zone: str) -> int:
    """Hash what the portal said about a record, to tell an unchanged one from a changed one.

    The zone belongs to it: the row's business days follow from both.
    """
    digest = blake2b(repr([zone, *row.items()]).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def complete_row(stream: Stream, row: Row, around: Surroundings) -> Row:
    """Add portal, links and local dates to a row that was read."""
    row["content_hash"] = fingerprint(row, zone=around.portal.time_zone)
    row["portal_id"] = around.portal.pk
    if issubclass(stream.model, OwnedRow):
        external = row.pop("responsible")
        row["responsible_id"] = around.people.ids.get(external) if external else None
    if issubclass(stream.model, Lead | Deal):
        complete_sold(row, around, entity=Entity.LEAD if stream.model is Lead else Entity.DEAL)
    if stream.model is Activity:
        complete_activity(row, around)
    return row


def complete_sold(row: Row, around: Surroundings, *, entity: int) -> None:
    """Add the business day of creation and the meaning of the stage."""
    row["created_on"] = row["created_at"].astimezone(around.portal.zone).date()
    row["semantics"], row["semantics_source"] = around.stages.resolve(
        row["semantics"], entity=entity, pipeline=row.get("pipeline_external_id") or 0, code=row["stage_external_id"]
    )


def complete_activity(row: Row, around: Surroundings) -> None:
    """Add the kind and the business day; an activity without a start happened when it was created."""
    row["kind"] = classify(row["type_id"], row["provider"], around.rules)
    row["started_at"] = row["started_at"] or row["created_at"]
    row["started_on"] = row["started_at"] and row["started_at"].astimezone(around.portal.zone).date()
