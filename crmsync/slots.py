"""Slots: what is due stands in the database. Beat, a click and a retry may all ask; a slot is fulfilled once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db.models import F

from crmsync.due import find_interval_start, find_night
from crmsync.lease import is_free
from crmsync.models import Portal, Slot

log = structlog.get_logger(__name__)
# A slot whose worker dies again and again is given up; the next one comes by itself.
MOST_ATTEMPTS = 20
KEPT = timedelta(days=14)
NIGHTLY = (Slot.Job.SWEEP, Slot.Job.PROOF)


def open_due_slots(now: datetime) -> None:
    """Open what is due for every enabled portal; a slot that exists, or an open one of its job, stays the only one."""
    slots = [slot for portal in Portal.objects.filter(is_enabled=True) for slot in list_due(portal, now)]
    Slot.objects.bulk_create(slots, ignore_conflicts=True)


def list_due(portal: Portal, now: datetime) -> Iterable[Slot]:
    """List the slots of this moment. A night before the portal was connected is not made up for."""
    yield Slot(portal=portal, job=Slot.Job.SYNC, due_at=find_interval_start(now, seconds=portal.sync_seconds))
    night = find_night(now, hour=portal.night_hour, zone=portal.zone)
    if portal.created_at < night:
        yield from (Slot(portal=portal, job=job, due_at=night) for job in NIGHTLY)


def order_slot(portal: Portal, job: str, now: datetime, *, accepts_deletions: bool = False) -> bool:
    """Order a job for now; False when it was due already."""
    Slot.objects.bulk_create([Slot(portal=portal, job=job, due_at=now)], ignore_conflicts=True)
    mine = Slot.objects.filter(portal=portal, job=job, done_at=None)
    if accepts_deletions:
        # Due anew: a sweep under way has not heard of it and must leave the slot open.
        mine.update(accepts_deletions=True, due_at=now)
    return mine.filter(due_at=now).exists()


def list_waiting_portals(now: datetime) -> list[int]:
    """List the enabled portals that have something due and that nobody is at work on."""
    waiting = Portal.objects.filter(is_enabled=True, slots__done_at=None, slots__isnull=False)
    waiting = waiting.only("lease_owner", "lease_until").order_by("pk").distinct()
    return [portal.pk for portal in waiting if is_free(portal, now)]


def take_slots(portal: Portal, now: datetime) -> dict[str, Slot]:
    """Take what is due, by job; the caller holds the portal's lease."""
    mine = Slot.objects.filter(portal=portal, done_at=None)
    given_up = mine.filter(attempts__gte=MOST_ATTEMPTS).update(done_at=now)
    if given_up:
        log.error("slots.given_up", portal=portal.pk, count=given_up)
    mine.update(attempts=F("attempts") + 1)
    return {slot.job: slot for slot in mine}


def close_slots(slots: Iterable[Slot], now: datetime) -> None:
    """Close fulfilled slots, not those ordered anew meanwhile; part of the transaction that ends the work."""
    for slot in slots:
        Slot.objects.filter(pk=slot.pk, due_at=slot.due_at, done_at=None).update(done_at=now)


def keep_slots(slots: Iterable[Slot]) -> None:
    """Leave slots open for the next slice of time: work goes on, so nothing counts against them."""
    Slot.objects.filter(pk__in=[slot.pk for slot in slots], done_at=None).update(attempts=0)


def forget_slots(now: datetime) -> None:
    """Delete slots that nobody asks about any more."""
    Slot.objects.filter(done_at__lt=now - KEPT).delete()
