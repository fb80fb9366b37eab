"""Background work of the mirror. The queue only wakes workers: what must happen stands in the database."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from crmsync import tend
from crmsync.heartbeat import beat_heart
from crmsync.models import Portal
from crmsync.slots import list_waiting_portals, open_due_slots

# Under the task's soft time limit: long work goes on from its cursor in the next slice.
SLICE = timedelta(seconds=150)
# A wake-up that nobody has taken by then is worth nothing: later ticks have sent others.
EXPIRES_SECONDS = 60


def wake(portal_id: int) -> None:
    """Wake a worker for a portal once the transaction that gives it something to do is committed."""
    tend_portal.apply_async_on_commit((portal_id,), expires=EXPIRES_SECONDS)  # type: ignore[attr-defined]


@shared_task
def tick() -> None:
    """Show that workers live, open what is due, and wake one task for every portal that waits."""
    now = timezone.now()
    beat_heart(now)
    open_due_slots(now)
    for portal_id in list_waiting_portals(now):
        wake(portal_id)


@shared_task
def tend_portal(portal_id: int) -> None:
    """Do what is due for one portal for one slice of time, and wake the next slice when there is more."""
    if tend.tend_portal(Portal.objects.get(pk=portal_id), budget=SLICE):
        wake(portal_id)
