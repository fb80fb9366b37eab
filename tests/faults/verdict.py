"""The campaign's verdict: mirror against portal by an oracle of its own, nothing twice, facts equal to a rebuild."""

from typing import Any

from django.db.models import Count

from crmsync.models import Activity, Deal, DealProduct, Lead, Portal, Quarantine, StageChange
from crmsync.sandbox.store import Store
from kpis.facts import rebuild, refill
from kpis.models import DailyFact
from tests.crmsync.sync.company import differences

TABLES: tuple[Any, ...] = (Lead, Deal, Activity, DealProduct)


def count_rows(store: Store) -> int:
    """Count the portal's records."""
    return sum(len(records) for records in store.collections.values())


def find_losses(store: Store, portal: Portal) -> list[str]:
    """Find what the portal has and the mirror does not, or has otherwise; what waits in quarantine is not lost."""
    held = set(Quarantine.objects.filter(portal=portal).values_list("external_id", flat=True))
    held |= {str(key) for key in find_orphans(store)}
    told = [line for line in differences(store, portal) if ": None / " not in line]
    return [line for line in told if line.split(" ")[1].rstrip(":") not in held]


def find_orphans(store: Store) -> set[Any]:
    """Find product lines whose deal is in the recycle bin: the portal lists them only for who asks for that deal."""
    lines = store.collections["productrows"]
    owners = {key: (store.get("productrows", key) or {}).get("ownerId") for key in lines}
    return {key for key, owner in owners.items() if store.get("deals", owner) is None}


def find_doubles(portal: Portal) -> list[str]:
    """Find records that the mirror holds twice."""
    found = []
    for table in TABLES:
        keys = table.objects.filter(portal=portal).values("external_id").annotate(times=Count("pk")).filter(times__gt=1)
        found += [f"{table.__name__} {row['external_id']}" for row in keys]
    moves = StageChange.objects.filter(portal=portal).values("entity", "external_id").annotate(times=Count("pk"))
    return found + [f"StageChange {row['external_id']}" for row in moves.filter(times__gt=1)]


def compare_facts(portal: Portal) -> list[str]:
    """Compare the facts that many increments gave with those of a rebuild."""
    refill(portal)
    grown = read_facts(portal)
    rebuild(portal)
    return [f"fact {key}" for key, told in grown.items() ^ read_facts(portal).items()]


def read_facts(portal: Portal) -> dict[Any, Any]:
    """Read all daily facts by employee and day."""
    rows = DailyFact.objects.filter(portal=portal).values()
    own = ("id", "portal_id", "employee_id", "day")
    return {
        (row["employee_id"], row["day"]): tuple(value for name, value in row.items() if name not in own) for row in rows
    }
