"""What the tests of workers ask again and again: order a sync, and see whether everything due is done."""

from django.utils import timezone

from crmsync.models import Portal, Slot, SyncRun
from crmsync.slots import order_slot
from tests.workers.fleet import wait_until


def order_sync(portal: Portal) -> None:
    """Order a sync without waking anybody, once nothing else is due; its message counts as lost."""
    assert wait_until(lambda: order_slot(portal, Slot.Job.SYNC, timezone.now()))


def is_done(portal: Portal) -> bool:
    """Tell whether nothing is due for a portal."""
    return not Slot.objects.filter(portal=portal, done_at=None).exists()


def count_complete(portal: Portal) -> int:
    """Count the portal's complete runs."""
    return SyncRun.objects.filter(portal=portal, outcome=SyncRun.Outcome.COMPLETE).count()
