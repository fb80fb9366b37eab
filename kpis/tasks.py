"""Background work of the facts: follow whatever the mirror has touched. The queue only wakes workers."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from crmsync.models import Portal
from kpis.facts import fill_slice
from kpis.fills.state import count_workers

# Under the task's soft time limit; what is left is found by the next tick.
SLICE = timedelta(seconds=150)
# A wake-up that no worker took before the next tick is dropped: that tick looks again at what is to be done.
EXPIRE_SECONDS = 15


@shared_task
def refill_portals() -> None:
    """Wake workers for every portal whose facts are behind; returns at once when nothing was touched."""
    for portal_id, workers in count_workers(timezone.now()).items():
        for _ in range(workers):
            fill_portal.apply_async_on_commit([portal_id], expires=EXPIRE_SECONDS)  # type: ignore[attr-defined]


@shared_task
def fill_portal(portal_id: int) -> None:
    """Bring the facts of one portal up to date for one slice of time, beside whoever does the same."""
    fill_slice(Portal.objects.get(pk=portal_id), budget=SLICE)
