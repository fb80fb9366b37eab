"""Service: changes of working hours, special days and absences; what is told in business hours is told anew."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from crmsync.deals import touch_everything
from crmsync.models import Portal
from kpis.models import Absence, CalendarDay, WorkCalendar

Entry = WorkCalendar | CalendarDay | Absence
# Nobody's working time depends on these.
REMARKS = {"note", "kind"}


def save_entry(entry: Entry, *, changed: Collection[str] | None = None) -> bool:
    """Save an entry and record, in the same transaction, that its portal's numbers are stale.

    `changed` names the fields that differ from what is stored (None: all); where only remarks do, no number is stale.
    Returns whether numbers are.
    """
    is_felt = changed is None or not REMARKS.issuperset(changed)
    with transaction.atomic():
        # A calendar's key is its portal's: a plain save would write over one that came meanwhile.
        entry.save(force_insert=entry._state.adding)
        if is_felt:
            touch_portals({entry.portal_id})
    return is_felt


def delete_entries(entries: "QuerySet[Any]") -> set[int]:
    """Delete entries and record, in the same transaction, that numbers are stale; returns whose: keys of portals."""
    with transaction.atomic():
        portals = set(entries.values_list("portal_id", flat=True))
        entries.delete()
        touch_portals(portals)
    return portals


def touch_portals(portals: Collection[int]) -> None:
    """Record that all numbers of these portals are stale."""
    for portal in Portal.objects.defer("webhook_url").filter(pk__in=portals):
        touch_everything(portal)
