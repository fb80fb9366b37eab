"""Following touched records: the next portion of them is derived anew, in one transaction, and touches days.

The steps and why they lose nothing: docs/algorithms/derived.md.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from crmsync.deals import touch
from crmsync.models import Portal, TouchedRecord
from crmsync.touches import LEAD, Cell
from kpis.derived import leads, requests, sales
from kpis.derived.differences import write
from kpis.derived.objects import Objects, cut_portions, list_objects
from kpis.derived.reading import read_activities
from kpis.fills.state import Filled, close_plan, expect_few_rows, has_ranges, is_wholly_touched, lock, try_lock
from kpis.options import read_options

# Half a second of work, and few enough for a statement's parameters.
BATCH = 4_000
Touched = list[tuple[int, int, int]]


@transaction.atomic
def derive_batch(portal: Portal, *, batch: int = BATCH, wait: bool = True) -> Filled | None:
    """Derive around the next touched records; None when none is left or it is not their turn."""
    filling = lock(portal) if wait else try_lock(portal)
    # A worker may be deriving one of the ranges right now: its rows are not ours to write.
    if filling is None or has_ranges(portal):
        return None
    close_plan(portal, filling)
    touched = [] if is_wholly_touched(portal) else read_touched(portal, limit=batch)
    if not touched:
        return None
    expect_few_rows()
    touch(portal, derive_records(portal, [(owner_type, key) for _, owner_type, key in touched]))
    forget(touched)
    return Filled()


def read_touched(portal: Portal, *, limit: int) -> Touched:
    """Read the next touched records, the oldest first."""
    rows = TouchedRecord.objects.filter(portal=portal).order_by("pk")
    return list(rows.values_list("pk", "owner_type", "external_id")[:limit])


def forget(touched: Touched) -> None:
    """Delete exactly the touched records that were read; those that came meanwhile stay for the next batch."""
    for portion in cut_portions([pk for pk, _, _ in touched]):
        TouchedRecord.objects.filter(pk__in=portion).delete()


def derive_records(portal: Portal, records: Iterable[tuple[int, int]]) -> set[Cell]:
    """Derive what hangs on these records. Returns the cells of the old and new rows that differ."""
    touched = list(list_objects(records))
    cells = sales.derive_touched(portal, touched, options=read_options(portal))
    for objects in touched:
        cells |= derive_objects(portal, objects)
    return cells


def derive_objects(portal: Portal, objects: Objects) -> set[Cell]:
    """Derive the requests on some records of one type, and the progress of leads."""
    activities = read_activities(portal, objects)
    computed = requests.compute_requests(portal, activities)
    stored = requests.TABLE.read(objects.owning(), portal=portal)
    # An activity that has moved here from another record has a row there.
    stored |= requests.TABLE.read_keys(list(computed.keys() - stored.keys()), portal=portal)
    cells = write(requests.TABLE, computed, stored, home=Q(), portal=portal)
    if objects.owner_type == LEAD:
        computed = leads.compute_leads(portal, objects, activities)
        stored = leads.TABLE.read(objects.among("lead__external_id"), portal=portal)
        cells |= write(leads.TABLE, computed, stored, home=Q(), portal=portal)
    return cells
