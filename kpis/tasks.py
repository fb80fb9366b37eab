"""Background work of the facts: follow whatever the mirror has touched. The queue only wakes workers."""

from celery import shared_task

from kpis.facts import list_stale_portals, refill


@shared_task
def refill_portals() -> None:
    """Bring the facts of every touched portal up to date; returns at once when nothing was touched."""
    for portal in list_stale_portals():
        refill(portal)
