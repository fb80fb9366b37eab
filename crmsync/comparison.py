"""Comparing a page of the portal's records with the mirror's rows: which differ, in which field, and why."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from crmsync.bitrix24.stream import Stream
from crmsync.models import Difference, Portal, Quarantine, StageChange, StreamState
from crmsync.rows import Rejected, Row, find_key
from crmsync.selectors import select_records
from crmsync.storable import write_json
from crmsync.tombstones import name_key

Cause = Difference.Cause
Key = tuple[Any, ...]
# Ours alone: what the portal says is all the rest.
OWN = frozenset({"content_hash", "portal_id"})


@dataclass(frozen=True)
class Found:
    """One field in which a record differs, or a whole record that one side lacks."""

    external_id: str
    cause: str
    field: str = ""
    ours: str = ""
    theirs: str = ""


@dataclass
class Compared:
    """What comparing a page gave: records looked at, those that differ, and rows that only the mirror keeps."""

    count: int = 0
    found: list[Found] = field(default_factory=list)
    kept: int = 0


@dataclass(frozen=True)
class Ground:
    """What causes are told from: how far the stream has been read, and which records wait for what."""

    stream: Stream
    state: StreamState
    portal: Portal
    quarantined: frozenset[str]


def survey_ground(stream: Stream, state: StreamState, portal: Portal) -> Ground:
    """Gather what the causes of one stream's differences are told from."""
    held = Quarantine.objects.filter(portal=portal, stream=stream.key).values_list("external_id", flat=True)
    return Ground(stream, state, portal, frozenset(held))


def read_stored(ground: Ground, condition: Mapping[str, Any]) -> dict[Key, Any]:
    """Read the mirror's rows of a stream by key, tombstones included; stubs are nobody's record."""
    rows = select_records(ground.stream, ground.portal).filter(**condition)
    return {find_key(ground.stream, row): row for row in rows.values()}


def compare_rows(
    ground: Ground, theirs: Sequence[Row], rejected: Sequence[Rejected], ours: Mapping[Key, Any]
) -> Compared:
    """Compare records with rows. *Shape*: `ours` holds every row of the same range of keys."""
    done = Compared(count=len(theirs) + len(rejected))
    known = {find_key(ground.stream, row): row for row in theirs}
    for key, row in known.items():
        done.found += compare_record(ground, row, ours.get(key))
    unread = {bad.external_id for bad in rejected}
    done.found += [Found(bad.external_id, Cause.QUARANTINED, theirs=bad.reason[:300]) for bad in rejected]
    absent = [row for key, row in ours.items() if key not in known and not row["deleted_at"]]
    absent = [row for row in absent if str(row["external_id"]) not in unread]
    if ground.stream.model is StageChange:
        # The portal forgets history of other pipelines and of deleted deals; the mirror is to keep it.
        done.kept = len(absent)
        return done
    cause = Cause.BRAKED if ground.state.is_braked else Cause.VANISHED
    done.found += [Found(name_key(ground.stream, row), cause, ours=describe(row)) for row in absent]
    return done


def compare_record(ground: Ground, theirs: Row, ours: Mapping[str, Any] | None) -> Iterable[Found]:
    """Compare one record with its row, field by field."""
    name = name_key(ground.stream, theirs)
    if ours is None or ours["deleted_at"]:
        return [Found(name, explain_absence(ground, theirs, ours), theirs=describe(theirs))]
    fields = [field for field in theirs if field not in OWN and not is_equal(ours[field], theirs[field])]
    cause = explain_difference(ground, theirs, ours) if fields else ""
    return [Found(name, cause, field, write(ours[field]), write(theirs[field])) for field in fields]


def is_equal(ours: Any, theirs: Any) -> bool:
    """Tell whether a stored value is what the portal says; custom fields went through JSON."""
    if isinstance(theirs, dict | list):
        return bool(ours == json.loads(write_json(theirs)))
    return bool(ours == theirs)


def explain_absence(ground: Ground, theirs: Row, ours: Mapping[str, Any] | None) -> str:
    """Say why the mirror lacks a record."""
    if ours is not None:
        return Cause.RETURNED
    if str(theirs["external_id"]) in ground.quarantined:
        return Cause.QUARANTINED
    if ground.state.watermark_at is None:
        return Cause.UNFINISHED
    dates = [theirs.get(name) for name in ("created_at", "modified_at", "changed_at")]
    seen = max(filter(None, dates), default=None)
    return Cause.NEWER if seen is None or seen >= ground.state.watermark_at else Cause.LOST


def explain_difference(ground: Ground, theirs: Row, ours: Mapping[str, Any]) -> str:
    """Say why a record differs."""
    if str(theirs["external_id"]) in ground.quarantined:
        return Cause.QUARANTINED
    if ground.state.watermark_at is None:
        return Cause.UNFINISHED
    if not ground.stream.changed_field and ground.stream.key != "product_rows":
        return Cause.NEWER
    return Cause.SILENT if theirs.get("modified_at") == ours.get("modified_at") else Cause.NEWER


def describe(row: Mapping[str, Any]) -> str:
    """Describe a whole record by what a person would know it by."""
    names = ("title", "name", "product_name", "first_name", "last_name", "stage_external_id")
    return " ".join(str(row[name]) for name in names if row.get(name))[:300]


def write(value: Any) -> str:
    """Write a value for people to compare."""
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value.normalize() if isinstance(value, Decimal) else value)[:300]
