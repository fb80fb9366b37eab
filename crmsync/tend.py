"""Do what is due for one portal, for a slice of time, as the only one who does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from crmsync.lease import AlreadyRunningError, Lease, hold
from crmsync.models import Portal, Proof, Slot
from crmsync.proof import prove_held
from crmsync.slots import forget_slots, take_slots
from crmsync.sweep import Sweep
from crmsync.sync import sync_held

SHORTEST = timedelta(seconds=1)


def tend_portal(
    portal: Portal, *, budget: timedelta, clock: Callable[[], datetime] = timezone.now, **options: Any
) -> bool:
    """Fulfil the portal's open slots; True when some are left for the next slice of time.

    Somebody else at work, or nothing due, is no reason to do anything: whoever asks may ask twice.
    """
    try:
        with hold(portal, clock) as lease:
            slots = take_slots(portal, clock())
            if slots:
                fulfil(portal, lease, slots, ends_at=clock() + budget, clock=clock, **options)
    except AlreadyRunningError:
        return False
    return bool(slots) and Slot.objects.filter(portal=portal, done_at=None).exists()


def fulfil(
    portal: Portal,
    lease: Lease,
    slots: dict[str, Slot],
    *,
    ends_at: datetime,
    clock: Callable[[], datetime],
    **options: Any,
) -> None:
    """Sync, with a sweep where one is due, then prove; what does not fit into the time stays open."""
    swept = slots.get(Slot.Job.SWEEP)
    reading = [slot for job, slot in slots.items() if job != Slot.Job.PROOF]
    if reading:
        order = Sweep(swept.due_at, accepts_deletions=swept.accepts_deletions) if swept else None
        budget = max(SHORTEST, ends_at - clock())
        sync_held(portal, lease, sweep=order, slots=reading, budget=budget, clock=clock, **options)
    proving = slots.get(Slot.Job.PROOF)
    if proving and not Slot.objects.filter(pk__in=[slot.pk for slot in reading], done_at=None).exists():
        budget = max(SHORTEST, ends_at - clock())
        proof = prove_held(portal, lease, slot=proving, budget=budget, clock=clock, **options)
        if proof.outcome != Proof.Outcome.RUNNING:
            forget_slots(clock())
