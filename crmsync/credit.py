"""The change log of what carries credit: stage, responsible, amount, moment and credit of an outcome, presence."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from crmsync.models import CreditChange, Deal, Entity, Lead, Portal
from crmsync.people import People

Row = Mapping[str, Any]
Told = tuple[str, str]

ENTITIES: dict[Any, int] = {Lead: Entity.LEAD, Deal: Entity.DEAL}
SOLD = ("pipeline_external_id", "stage_external_id", "responsible_id")
# By model: the columns that are read from the mirror before a row is overwritten.
COLUMNS: dict[Any, tuple[str, ...]] = {
    Lead: SOLD[1:],
    Deal: (*SOLD, "amount", "currency", "closed_at", "credited_to_id"),
}
CHUNK = 1000


def record_changes(model: type, changes: Iterable[tuple[Row | None, Row]], *, portal: Portal, people: People) -> int:
    """Append what changed between the mirror's rows and the new ones. *Empty*: a record seen first changed nothing."""
    known: dict[int, str] = {}
    found: list[CreditChange] = []
    for before, after in changes:
        if before is None or all(before[name] == after[name] for name in COLUMNS[model]):
            continue
        known = known or {pk: str(external) for external, pk in people.ids.items()}
        found += [
            describe_change(ENTITIES[model], after, field, old, new, portal=portal)
            for field, (old, new) in compare_credit(before, after, known).items()
        ]
    CreditChange.objects.bulk_create(found, batch_size=CHUNK)
    return len(found)


def compare_credit(before: Row, after: Row, people: Mapping[int, str]) -> dict[str, Told]:
    """Compare what carries credit. *Shape*: by field the old and the new value as text; only what differs."""
    told = {
        CreditChange.Field.STAGE: (name_stage(before), name_stage(after)),
        CreditChange.Field.RESPONSIBLE: (
            people.get(before["responsible_id"], ""),
            people.get(after["responsible_id"], ""),
        ),
    }
    if "closed_at" in before:
        told[CreditChange.Field.AMOUNT] = (write_amount(before), write_amount(after))
        told[CreditChange.Field.CLOSED] = (write_moment(before["closed_at"]), write_moment(after["closed_at"]))
        told[CreditChange.Field.CREDIT] = (
            people.get(before["credited_to_id"], ""),
            people.get(after["credited_to_id"], ""),
        )
    return {field: (old, new) for field, (old, new) in told.items() if old != new}


def describe_change(entity: int, row: Row, field: str, before: str, after: str, *, portal: Portal) -> CreditChange:
    """Build a log row; who moved a stage is told apart from who changed anything else."""
    moved = field in (CreditChange.Field.STAGE, CreditChange.Field.CLOSED)
    return CreditChange(
        portal=portal,
        entity=entity,
        external_id=row["external_id"],
        field=field,
        before=before[:100],
        after=after[:100],
        changed_at=row.get("moved_at" if moved else "modified_at"),
        changed_by_external_id=row.get("moved_by_external_id" if moved else "modified_by_external_id"),
    )


def record_presence(model: type, rows: Iterable[Row], *, portal: Portal, gone_at: datetime | None) -> None:
    """Append that records vanished, or with `gone_at` None that they came back. *Shape*: rows as `values()` gives."""
    if model not in ENTITIES:
        return
    field, now = CreditChange.Field.PRESENCE, write_moment(gone_at)
    CreditChange.objects.bulk_create(
        [
            CreditChange(
                portal=portal,
                entity=ENTITIES[model],
                external_id=row["external_id"],
                field=field,
                before=write_moment(row["deleted_at"]),
                after=now,
            )
            for row in rows
        ],
        batch_size=CHUNK,
    )


def name_stage(row: Row) -> str:
    """Name a stage with its pipeline: factory stages of the first pipeline carry no prefix."""
    pipeline = row.get("pipeline_external_id")
    return f"{pipeline}/{row['stage_external_id']}" if pipeline is not None else row["stage_external_id"]


def write_amount(row: Row) -> str:
    """Write an amount with its currency; an unknown amount is an empty text."""
    return "" if row["amount"] is None else f"{row['amount']:f} {row['currency']}".strip()


def write_moment(at: datetime | None) -> str:
    """Write an instant in UTC to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
