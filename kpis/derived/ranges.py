"""Deriving everything, split by ranges of records, so that workers share them and no transaction takes long.

Planned together with the ranges of days (`kpis/fills/ranges.py`); why nothing is lost: docs/algorithms/derived.md.
"""

from collections import Counter

from django.db.models import BigIntegerField, Case, Count, F, Func, QuerySet, Value, When

from crmsync.models import Activity, Deal, Lead, Portal
from crmsync.touches import COMPANY, CONTACT, DEAL, LEAD
from kpis.derived import leads, requests, sales
from kpis.derived.differences import write
from kpis.derived.objects import FIRST_ID, OTHERS, TYPES, Objects, Place, list_range
from kpis.derived.reading import read_activities
from kpis.models import DeriveRange, KpiOptions
from kpis.options import read_options

# Seconds of work, and far less memory than a worker may have.
RECORDS = 50_000
BUCKET = 1_000


class Bucket(Func):
    """The number of a thousand ids."""

    output_field = BigIntegerField()
    template = f"(%(expressions)s / {BUCKET})"


def count_places(portal: Portal) -> Counter[Place]:
    """Count the records around which is derived, by type and a thousand ids, from the indexes alone.

    Ranges need not be equal, so records that are gone or ask nothing count too.
    """
    kind = Case(When(owner_type__in=TYPES[1:], then=F("owner_type")), default=Value(OTHERS))
    won = Deal.objects.won()
    places: Counter[Place] = Counter()
    for records, owner_type, key in (
        (Activity.objects.filter(owner_type__isnull=False), kind, "owner_external_id"),
        (Lead.objects.all(), Value(LEAD), "external_id"),
        (Deal.objects.all(), Value(DEAL), "external_id"),
        (won, Value(CONTACT), "contact_external_id"),
        (won, Value(COMPANY), "company_external_id"),
    ):
        places += count_buckets(records.filter(portal=portal, **{f"{key}__isnull": False}), owner_type, key)
    return places


def count_buckets(records: QuerySet, owner_type: Case | Value, key: str) -> Counter[Place]:
    """Count records by type and bucket."""
    rows = records.order_by().values_list(owner_type, Bucket(key)).annotate(count=Count("*"))
    return Counter({(kind, max(FIRST_ID, bucket * BUCKET)): count for kind, bucket, count in rows})


def write_ranges(portal: Portal, starts: list[Place]) -> None:
    """Put ranges in the place of those that an older plan has left, waiting for the workers that derive one of them."""
    DeriveRange.objects.filter(portal=portal).delete()
    ends: list[Place | None] = [*starts[1:], None]
    DeriveRange.objects.bulk_create(
        DeriveRange(
            portal=portal,
            start_type=start[0],
            start_id=start[1],
            end_type=end[0] if end else None,
            end_id=end[1] if end else None,
        )
        for start, end in zip(starts, ends, strict=True)
    )


def has_ranges(portal: Portal) -> bool:
    """Say whether ranges are still to be derived, or are being derived."""
    return DeriveRange.objects.filter(portal=portal).exists()


def derive_range(portal: Portal, *, wait: bool = True) -> bool:
    """Derive the next planned range anew; False when none is left, or none that nobody derives yet.

    The caller owns the transaction. No day is touched: every fact is computed anew after the last range.
    """
    chosen = take_range(portal, wait=wait)
    if chosen is None:
        return False
    end = (chosen.end_type, chosen.end_id) if chosen.end_type is not None and chosen.end_id is not None else None
    options = read_options(portal)
    for objects in list_range((chosen.start_type, chosen.start_id), end):
        derive_objects(portal, objects, options=options)
    chosen.delete()
    return True


def take_range(portal: Portal, *, wait: bool) -> DeriveRange | None:
    """Lock the next range that nobody derives; when all are being derived, wait for the first if we may."""
    ranges = DeriveRange.objects.filter(portal=portal).order_by("start_type", "start_id")
    free = ranges.select_for_update(skip_locked=True).first()
    return free or (ranges.select_for_update().first() if wait else None)


def derive_objects(portal: Portal, objects: Objects, *, options: KpiOptions) -> None:
    """Derive what is at home with a range of records of one type."""
    activities = read_activities(portal, objects)
    home = objects.owning()
    stored = requests.TABLE.read(home, portal=portal)
    write(requests.TABLE, requests.compute_requests(portal, activities), stored, home=home, portal=portal)
    if objects.owner_type == LEAD:
        home = objects.among("lead__external_id")
        stored = leads.TABLE.read(home, portal=portal)
        write(leads.TABLE, leads.compute_leads(portal, objects, activities), stored, home=home, portal=portal)
    if objects.owner_type in (DEAL, CONTACT, COMPANY):
        sales.derive_ranged(portal, objects, options=options)
