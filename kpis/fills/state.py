"""The state of a portal's fills: whose turn it is, what waits, and how far the facts are.

The order of fills, and why it loses nothing: docs/algorithms/facts.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crmsync.models import Portal, TouchedDay, TouchedRecord
from kpis.models import DeriveRange, Filling, FillRange

MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Filled:
    """What a fill did: cells are employees' days that were computed anew, rows the facts they gave."""

    rebuilt: bool = False
    cells: int = 0
    rows: int = 0


def add_up(steps: Iterable[Filled]) -> Filled:
    """Add up what the steps of a fill did."""
    done = list(steps)
    return Filled(any(step.rebuilt for step in done), sum(step.cells for step in done), sum(step.rows for step in done))


def lock(portal: Portal) -> Filling:
    """Keep other fills of touched days, and other plans, out until the transaction ends; wait until they are."""
    Filling.objects.get_or_create(portal=portal)
    return Filling.objects.select_for_update().get(portal=portal)


def try_lock(portal: Portal) -> Filling | None:
    """Lock like `lock`, but without waiting. Empty: None when another holds the lock."""
    Filling.objects.get_or_create(portal=portal)
    return Filling.objects.select_for_update(skip_locked=True).filter(portal=portal).first()


def has_ranges(portal: Portal) -> bool:
    """Say whether ranges of a planned fill are still to be filled, or are being filled."""
    return any(ranges.objects.filter(portal=portal).exists() for ranges in (FillRange, DeriveRange))


def has_touched_records(portal: Portal) -> bool:
    """Say whether something is still to be derived around touched records."""
    return TouchedRecord.objects.filter(portal=portal).exists()


def is_wholly_touched(portal: Portal) -> bool:
    """Say whether every day of the portal is stale."""
    return TouchedDay.objects.filter(portal=portal, day=None).exists()


def count_workers(now: datetime) -> dict[int, int]:
    """Count how many workers have something to do, by the key of each portal whose facts are behind the mirror.

    While a first reading is under way each of its pages touches everything: one fill after it is enough.
    """
    mine = TouchedDay.objects.filter(portal=OuterRef("pk"))
    wholly = Exists(mine.filter(day=None))
    touched = Exists(mine) | Exists(TouchedRecord.objects.filter(portal=OuterRef("pk")))
    # Days are filled when everything is derived: until then only ranges of records can be shared.
    shared = Coalesce(Subquery(count_ranges(DeriveRange)), Subquery(count_ranges(FillRange)), 0)
    counted = Portal.objects.annotate(ranges=shared)
    growing = Q(wholly, ranges=0, lease_until__gt=now)
    stale = counted.filter(Q(touched) | Q(ranges__gt=0)).exclude(growing).order_by("pk").values_list("pk", "ranges")
    # Where rows cannot be locked, the whole database has one writer at a time.
    most = MOST_WORKERS if connection.features.has_select_for_update_skip_locked else 1
    return {portal_id: min(max(count, 1), most) for portal_id, count in stale}


def count_ranges(model: type[FillRange] | type[DeriveRange]) -> QuerySet:
    """Build the count of the ranges that a portal has left."""
    ranges = model.objects.filter(portal=OuterRef("pk")).order_by().values("portal")
    return ranges.annotate(count=Count("pk")).values("count")


def keep_watermarks(filling: Filling, marks: dict[str, datetime]) -> None:
    """Note how far the mirror was before its touched days were read: so far the facts are complete now."""
    told = write_marks(marks)
    if filling.watermarks != told:
        filling.watermarks = told
        filling.save(update_fields=["watermarks"])


def close_plan(portal: Portal, filling: Filling) -> None:
    """Note that a plan's last range is done: the facts are as far as the mirror was when it was made."""
    if filling.planned is not None and not has_ranges(portal):
        filling.watermarks, filling.planned = filling.planned, None
        filling.save(update_fields=["watermarks", "planned"])


def write_marks(marks: dict[str, datetime]) -> dict[str, str]:
    """Write watermarks as JSON knows them."""
    return {stream: mark.isoformat() for stream, mark in marks.items()}


def expect_few_rows() -> None:
    """Keep PostgreSQL from compiling the transaction's statements to machine code.

    It expects a hundred times the rows that a row-value IN finds, and then compiles for ten times as long as it reads.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")
