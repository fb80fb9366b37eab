"""Background work of the mirror. The queue only wakes workers: what must happen stands in the database."""

from datetime import timedelta

from celery import shared_task

from crmsync.models import Portal, SyncRun
from crmsync.sync import AlreadyRunningError
from crmsync.sync import sync_portal as sync_one

# Under the task's soft time limit: a long first sync goes on from its cursor in the next slice.
SLICE = timedelta(seconds=150)


@shared_task
def sync_portals() -> None:
    """Wake one task for every portal that is to be synchronised."""
    for portal_id in Portal.objects.filter(is_enabled=True).values_list("pk", flat=True):
        sync_portal.delay_on_commit(portal_id)  # type: ignore[attr-defined]  # Celery's stubs lack it


@shared_task
def sync_portal(portal_id: int) -> None:
    """Synchronise one portal for one slice of time, and wake the next slice when there is more to read."""
    portal = Portal.objects.get(pk=portal_id)
    try:
        run = sync_one(portal, budget=SLICE)
    except AlreadyRunningError:
        return
    if run.outcome == SyncRun.Outcome.UNFINISHED:
        sync_portal.delay_on_commit(portal_id)  # type: ignore[attr-defined]  # Celery's stubs lack it
