"""Tombstones: records that the portal does not have any more stay in the mirror, marked, and may come back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from crmsync.bitrix24.stream import Stream
from crmsync.credit import record_presence
from crmsync.deals import touch_changes
from crmsync.models import Deal, DealProduct, Portal, Tombstone

CHUNK = 1000
Stored = Mapping[str, Any]


def name_key(stream: Stream, row: Stored) -> str:
    """Name a record by what tells it apart from the others of its stream."""
    return ":".join(str(row[name]) for name in stream.unique if name not in stream.constants)[:200]


def mark_missing(stream: Stream, rows: Sequence[Any], *, portal: Portal, at: datetime) -> None:
    """Note that the sweep begun at `at` did not find these mirrored rows on the portal."""
    keys = {row.pk: row for row in rows}
    known = Tombstone.objects.filter(portal=portal, stream=stream.key, row_id__in=list(keys), restored_at=None)
    known.update(last_missed_at=at)
    fresh = set(keys).difference(known.values_list("row_id", flat=True))
    Tombstone.objects.bulk_create(
        [
            Tombstone(
                portal=portal,
                stream=stream.key,
                row_id=pk,
                external_id=name_key(stream, {name: getattr(keys[pk], name) for name in stream.unique}),
                name=str(keys[pk])[:255],
                missed_at=at,
                last_missed_at=at,
            )
            for pk in sorted(fresh)
        ],
        batch_size=CHUNK,
    )


def bury(stream: Stream, row_ids: Sequence[int], *, portal: Portal, now: datetime) -> int:
    """Take rows for deleted: mark, log and touch. The caller owns the transaction. Returns how many."""
    mirrored: Any = stream.model._default_manager
    live = mirrored.live().filter(portal=portal, pk__in=row_ids)
    rows = list(live.values())
    live.update(deleted_at=now)
    open_stones = Tombstone.objects.filter(portal=portal, stream=stream.key, row_id__in=row_ids, restored_at=None)
    open_stones.update(deleted_at=now)
    record_presence(stream.model, rows, portal=portal, gone_at=now)
    touch_changes(portal, stream.model._meta.model_name or "", [(row, None) for row in rows])
    if stream.model is Deal:
        lines = DealProduct.objects.live().filter(portal=portal)
        lines.filter(deal_external_id__in=[row["external_id"] for row in rows]).update(deleted_at=now)
    return len(rows)


def lift_tombstones(stream: Stream, rows: Sequence[Stored], *, portal: Portal) -> None:
    """Note that rows came back; they have been written as live ones already. *Shape*: rows as they were stored."""
    stones = Tombstone.objects.filter(portal=portal, stream=stream.key, restored_at=None)
    stones.filter(row_id__in=[row["pk"] for row in rows]).update(restored_at=timezone.now())
    record_presence(stream.model, rows, portal=portal, gone_at=None)


def forget_candidates(stream: Stream, *, portal: Portal, at: datetime) -> None:
    """Drop the candidates that the sweep begun at `at` has found again."""
    stones = Tombstone.objects.filter(portal=portal, stream=stream.key, deleted_at=None, restored_at=None)
    stones.filter(last_missed_at__lt=at).delete()


def list_confirmed(stream: Stream, *, portal: Portal, at: datetime) -> list[int]:
    """List the rows that the sweep begun at `at` and one before it did not find."""
    stones = Tombstone.objects.filter(portal=portal, stream=stream.key, deleted_at=None, restored_at=None)
    confirmed = stones.filter(last_missed_at=at, missed_at__lt=F("last_missed_at"))
    return list(confirmed.order_by("row_id").values_list("row_id", flat=True))


def count_missing(stream: Stream, *, portal: Portal, at: datetime) -> int:
    """Count the rows that the sweep begun at `at` did not find and that are not taken for deleted yet."""
    stones = Tombstone.objects.filter(portal=portal, stream=stream.key, deleted_at=None, restored_at=None)
    return stones.filter(last_missed_at=at).count()
