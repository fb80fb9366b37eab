"""Fixing the outcome of deals in the mirror: when they arrive, and again when history, rates or stages tell more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from crmsync.credit import record_changes
from crmsync.models import (
    Deal,
    DealProduct,
    Entity,
    Lead,
    Portal,
    SemanticsSource,
    StageChange,
    TouchedDay,
    TouchedRecord,
)
from crmsync.outcomes import FAILURE, SUCCESS, settle
from crmsync.rows import Row, Surroundings
from crmsync.touches import DEAL, Cell, Record, find_cells, find_records, is_repriced
from crmsync.upserts import upsert

CHUNK = 1000
MOST_BUYERS = 10_000
# A record as the mirror had it and as it is now; None where it is not there.
Pair = tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]


def settle_deals(rows: Sequence[Row], before: Mapping[int, Mapping[str, Any]], around: Surroundings) -> None:
    """Add the outcome to rows of deals, in place; `before` is what the mirror had, by CRM id."""
    moves = find_moves(around.portal, rows)
    for row in rows:
        outcome = settle(
            row,
            before=before.get(row["external_id"]),
            moved_at=moves.get(row["external_id"]),
            zone=around.portal.zone,
            rates=around.rates,
        )
        row.update(outcome.columns())


def find_moves(portal: Portal, rows: Iterable[Row]) -> dict[int, datetime]:
    """Find, for deals that are won or lost, the newest record that moved them to their present stage."""
    stages = {row["external_id"]: row["stage_external_id"] for row in rows if row["semantics"] in (SUCCESS, FAILURE)}
    moves: dict[int, datetime] = {}
    history = StageChange.objects.filter(portal=portal, entity=Entity.DEAL, owner_external_id__in=list(stages))
    for deal, stage, at in history.values_list("owner_external_id", "stage_external_id", "changed_at"):
        if stage == stages[deal] and (deal not in moves or at > moves[deal]):
            moves[deal] = at
    return moves


def resettle(around: Surroundings, deals: Iterable[Row]) -> int:
    """Fix the outcome of mirrored deals again and record what that touches. Returns how many changed.

    *Shape*: rows as `Deal.objects.values()` gives them, in which the caller may have corrected columns.
    """
    rows = list(deals)
    before = {row["external_id"]: row.pop("stored") if "stored" in row else dict(row) for row in rows}
    settle_deals(rows, before, around)
    changed = [row for row in rows if row != before[row["external_id"]]]
    upsert(Deal, changed, unique=("portal", "external_id"))
    pairs = [(before[row["external_id"]], row) for row in changed]
    record_changes(Deal, pairs, portal=around.portal, people=around.people)
    touch_changes(around.portal, "deal", pairs)
    return len(changed)


def resettle_by_history(around: Surroundings, external_ids: Collection[int]) -> int:
    """Follow new stage history: fix the closed ones among these deals again."""
    closed = Deal.objects.filter(portal=around.portal, external_id__in=external_ids, semantics__in=(SUCCESS, FAILURE))
    return resettle(around, [dict(row) for row in closed.values()])


def revalue(around: Surroundings, currencies: Iterable[str] | None) -> int:
    """Follow new rates: value the closed deals in these currencies again (None: in every one)."""
    closed = Deal.objects.filter(portal=around.portal, semantics__in=(SUCCESS, FAILURE))
    if currencies is not None:
        closed = closed.filter(currency__in=list(currencies))
    return sum(resettle(around, chunk) for chunk in read_chunks(closed))


def restage(around: Surroundings) -> int:
    """Follow a changed dictionary of stages: read again the meaning of records that do not tell it themselves."""
    unsure = {"portal": around.portal, "semantics_source__in": (SemanticsSource.DICTIONARY, SemanticsSource.UNKNOWN)}
    changed = 0
    for chunk in read_chunks(Deal.objects.filter(**unsure)):
        changed += resettle(around, [reread_meaning(row, around, Entity.DEAL) for row in chunk])
    for chunk in read_chunks(Lead.objects.filter(**unsure)):
        rows = [reread_meaning(row, around, Entity.LEAD) for row in chunk]
        before = {row["external_id"]: row.pop("stored") for row in rows}
        moved = [row for row in rows if row != before[row["external_id"]]]
        upsert(Lead, moved, unique=("portal", "external_id"))
        touch_changes(around.portal, "lead", [(before[row["external_id"]], row) for row in moved])
        changed += len(moved)
    return changed


def reread_meaning(row: Row, around: Surroundings, entity: int) -> Row:
    """Resolve a stored record's meaning anew; what was stored goes along under `stored`."""
    stored = dict(row)
    meaning, source = around.stages.resolve(
        "", entity=entity, pipeline=row.get("pipeline_external_id") or 0, code=row["stage_external_id"]
    )
    return {**row, "semantics": meaning, "semantics_source": source, "stored": stored}


def read_chunks(queryset: Any) -> Iterable[list[Row]]:
    """Read rows in order of their CRM id, a bounded number at a time; safe while the caller rewrites them."""
    last = 0
    while rows := list(queryset.filter(external_id__gt=last).order_by("external_id").values()[:CHUNK]):
        last = rows[-1]["external_id"]
        yield rows


def touch_changes(portal: Portal, table: str, pairs: Sequence[Pair]) -> None:
    """Record what is stale after these changes: days, and records from which more is derived."""
    touch(portal, {cell for before, after in pairs for cell in find_cells(table, before, after)})
    touch_records(portal, {record for before, after in pairs for record in find_records(table, before, after)})
    repriced = [after or before for before, after in pairs if is_repriced(table, before, after)]
    touch_buyers(portal, {product["external_id"] for product in repriced if product})


def touch(portal: Portal, cells: Iterable[Cell]) -> None:
    """Record days whose numbers are stale."""
    TouchedDay.objects.bulk_create(
        [TouchedDay(portal=portal, employee_id=employee, day=day) for employee, day in cells], batch_size=CHUNK
    )


def touch_records(portal: Portal, records: Iterable[Record]) -> None:
    """Record that something changed around these records."""
    TouchedRecord.objects.bulk_create(
        [TouchedRecord(portal=portal, owner_type=kind, external_id=key) for kind, key in records], batch_size=CHUNK
    )


def touch_buyers(portal: Portal, products: Collection[int]) -> None:
    """Record that the deals with these products cost something else; of very many it is not worth naming each."""
    if not products:
        return
    lines = DealProduct.objects.live().filter(portal=portal, product_external_id__in=products)
    deals = lines.order_by().values_list("deal_external_id", flat=True).distinct()[: MOST_BUYERS + 1]
    buyers = {(DEAL, deal) for deal in deals}
    if len(buyers) > MOST_BUYERS:
        touch_everything(portal)
    else:
        touch_records(portal, buyers)


def touch_everything(portal: Portal) -> None:
    """Record that all numbers of a portal are stale."""
    TouchedDay.objects.create(portal=portal, employee=None, day=None)
