"""Changes of credit as people read them: names for the IDs, money and moments in the reader's spelling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from crmsync.admin.formats import format_money
from crmsync.admin.references import NOTHING, find_targets, link_row
from crmsync.admin.search import is_number
from crmsync.models import CreditChange, Employee, Pipeline, Stage

Field = CreditChange.Field
PEOPLE = (Field.RESPONSIBLE, Field.CREDIT)
MOST_CHANGES = 200


@dataclass(frozen=True)
class Names:
    """What the IDs of some changes stand for."""

    people: dict[int, Any] = field(default_factory=dict)
    pipelines: dict[int, Any] = field(default_factory=dict)
    stages: dict[tuple[int, int, str], Any] = field(default_factory=dict)


def read_names(changes: Sequence[CreditChange]) -> Names:
    """Look up the names that changes of one portal need, one query a table."""
    told = [(change, value) for change in changes for value in (change.before, change.after) if value]
    ids = {int(value) for change, value in told if change.field in PEOPLE and is_number(value)}
    ids |= {change.changed_by_external_id for change in changes if change.changed_by_external_id}
    places = [split_stage(value) for change, value in told if change.field == Field.STAGE]
    stages = Stage.objects.filter(
        portal_id__in={change.portal_id for change in changes}, external_id__in={code for _pipeline, code in places}
    )
    return Names(
        people=find_targets(Employee, changes, ids),
        pipelines=find_targets(Pipeline, changes, {pipeline for pipeline, _code in places if pipeline is not None}),
        stages={(stage.entity, stage.pipeline_external_id, stage.external_id): stage for stage in stages},
    )


def split_stage(value: str) -> tuple[int | None, str]:
    """Split a stage of the log into pipeline and code; statuses of leads have no pipeline."""
    pipeline, separator, code = value.partition("/")
    return (int(pipeline), code) if separator and is_number(pipeline) else (None, value)


def write_value(change: CreditChange, value: str, names: Names) -> str:
    """Write the old or the new value of a change. *Empty*: a dash."""
    if not value:
        return NOTHING
    if change.field in PEOPLE:
        return write_person(int(value) if is_number(value) else None, names) if is_number(value) else value
    if change.field == Field.STAGE:
        return write_stage(change, value, names)
    if change.field == Field.AMOUNT:
        amount, _space, currency = value.partition(" ")
        return format_money(Decimal(amount), currency)
    return write_instant(datetime.fromisoformat(value))


def write_person(external_id: int | None, names: Names) -> str:
    """Link to an employee; the bare ID of one whom the mirror does not have."""
    if external_id is None:
        return NOTHING
    person = names.people.get(external_id)
    return link_row(person) if person else f"ID {external_id}"


def write_stage(change: CreditChange, value: str, names: Names) -> str:
    """Name a stage, with its pipeline where there are pipelines."""
    pipeline, code = split_stage(value)
    stage = names.stages.get((change.entity, pipeline or 0, code)) or code
    place = names.pipelines.get(pipeline) if pipeline is not None else None
    return f"{place}: {stage}" if place else str(stage)


def write_instant(at: datetime) -> str:
    """Write an instant in the zone in force."""
    return format_html('<span class="nowrap">{}</span>', date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT"))


def describe_changes(changes: Iterable[CreditChange]) -> list[dict[str, Any]]:
    """Write changes for the page of the record that they are about."""
    rows = list(changes)
    names = read_names(rows)
    return [
        {
            "at": change.changed_at,
            "seen_at": change.seen_at,
            "field": change.get_field_display(),
            "before": write_value(change, change.before, names),
            "after": write_value(change, change.after, names),
            "by": write_person(change.changed_by_external_id, names),
        }
        for change in rows
    ]


def read_credit(row: Any, *, entity: int) -> dict[str, Any]:
    """Read the history of credit of one lead or deal, the newest change first."""
    changes = CreditChange.objects.filter(portal=row.portal_id, entity=entity, external_id=row.external_id)
    return {"changes": describe_changes(changes.order_by("-seen_at", "-pk")[:MOST_CHANGES])}
