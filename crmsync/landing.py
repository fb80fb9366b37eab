"""Landing a page: compare with the mirror, fix outcomes, upsert what changed, record what that touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crmsync.bitrix24.stream import Stream
from crmsync.credit import COLUMNS as CREDIT
from crmsync.credit import record_changes
from crmsync.deals import Pair, settle_deals, touch_changes, touch_everything, touch_records
from crmsync.models import Deal, DealProduct, Portal
from crmsync.rows import Row, Surroundings, find_key
from crmsync.tombstones import lift_tombstones
from crmsync.touches import DEAL, find_cells, find_records, is_repriced, list_columns
from crmsync.upserts import upsert


@dataclass(frozen=True)
class Landed:
    """What a page changed in the mirror."""

    read: int
    changed: list[Row] = field(default_factory=list)


def land(stream: Stream, rows: Sequence[Row], around: Surroundings, *, first: bool) -> Landed:
    """Write a page's rows to the mirror; the caller owns the transaction.

    A stream's first walk touches everything at once: naming each day would cost more than the rows.
    """
    before = read_before(stream, rows, around.portal)
    changed = [row for row in rows if not is_same(row, before.get(find_key(stream, row)))]
    if stream.model is Deal:
        settle_deals(changed, {stored["external_id"]: stored for stored in before.values()}, around)
    upsert(stream.model, changed, unique=("portal", *stream.unique))
    pairs = [(before.get(find_key(stream, row)), row) for row in changed]
    returned = [stored for stored, _ in pairs if stored and stored["deleted_at"]]
    if returned:
        lift_tombstones(stream, returned, portal=around.portal)
    if stream.model in CREDIT:
        record_changes(stream.model, pairs, portal=around.portal, people=around.people)
    note_touched(stream, pairs, around, first=first)
    return Landed(read=len(rows), changed=changed)


def note_touched(stream: Stream, pairs: Sequence[Pair], around: Surroundings, *, first: bool) -> None:
    """Record what these changes make stale; a record that was gone had no figures."""
    table = stream.model._meta.model_name or ""
    counted = [(stored if stored and not stored["deleted_at"] else None, row) for stored, row in pairs]
    if not first:
        touch_changes(around.portal, table, counted)
    elif any(find_cells(table, *pair) or find_records(table, *pair) or is_repriced(table, *pair) for pair in counted):
        touch_everything(around.portal)


def is_same(row: Row, stored: Mapping[str, Any] | None) -> bool:
    """Tell whether the portal says of this record what it said last time, and it was here all the time."""
    return stored is not None and stored["content_hash"] == row["content_hash"] and not stored["deleted_at"]


def read_before(stream: Stream, rows: Sequence[Row], portal: Portal) -> dict[tuple, dict[str, Any]]:
    """Read what the mirror has of these rows, by key: fingerprint, figures, and what the credit of deals depends on."""
    figures = list_columns(stream.model._meta.model_name or "")
    extra = ("moved_at",) if stream.model is Deal else ()
    credit = CREDIT.get(stream.model, ())
    columns = dict.fromkeys((*stream.unique, "pk", "content_hash", "deleted_at", *figures, *extra, *credit))
    mirrored: Any = stream.model._default_manager
    known = mirrored.filter(portal=portal, external_id__in=[row["external_id"] for row in rows])
    return {find_key(stream, found): found for found in known.values(*columns)}


def land_products(
    deal_ids: Sequence[int], rows: Sequence[Row], around: Surroundings, *, now: datetime, first: bool = False
) -> None:
    """Replace the product lines of these deals and take them off the list of deals that wait for theirs."""
    stored = read_lines(around.portal, deal_ids, rows)
    changed = [row for row in rows if not is_same(row, stored.get(row["external_id"]))]
    kept, mine = {row["external_id"] for row in rows}, set(deal_ids)
    live = [line for line in stored.values() if not line["deleted_at"]]
    gone = [line for line in live if line["external_id"] not in kept and line["deal_external_id"] in mine]
    if gone:
        lines = DealProduct.objects.filter(portal=around.portal, external_id__in=[line["external_id"] for line in gone])
        lines.update(deleted_at=now)
    upsert(DealProduct, changed, unique=("portal", "external_id"))
    Deal.objects.filter(portal=around.portal, external_id__in=deal_ids).update(products_due=False)
    moved = {row["external_id"] for row in changed}
    left = [line for line in live if line["external_id"] in moved]
    touched = {line["deal_external_id"] for line in (*changed, *gone, *left)}
    if not first:
        touch_records(around.portal, {(DEAL, deal) for deal in touched})
    elif touched:
        touch_everything(around.portal)


def read_lines(portal: Portal, deal_ids: Sequence[int], rows: Sequence[Row]) -> dict[int, dict[str, Any]]:
    """Read the stored lines of these deals, and where new ones come from: a line may have belonged to another deal."""
    lines = DealProduct.objects.filter(portal=portal)
    columns = ("external_id", "deal_external_id", "content_hash", "deleted_at")
    mine = lines.filter(deal_external_id__in=deal_ids).values(*columns)
    # Two questions in one: an OR would keep the databases from using either index.
    same = lines.filter(external_id__in=[row["external_id"] for row in rows]).values(*columns)
    return {line["external_id"]: line for line in mine.union(same)}
