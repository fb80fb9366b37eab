"""A portal whose worker died is waiting for another one, not for the end of the dead one's lease."""

import subprocess
import sys

from django.utils import timezone

from crmsync.lease import claim, name_owner
from crmsync.models import Portal, Slot
from crmsync.slots import list_waiting_portals, order_slot


def hold_by(portal: Portal, pid: int) -> None:
    """Let a process of this machine hold a portal that has something due."""
    order_slot(portal, Slot.Job.SYNC, timezone.now())
    assert claim(portal, timezone.now())
    host = name_owner().rpartition(":")[0]
    Portal.objects.update(lease_owner=f"{host}:{pid}")


def test_portal_of_a_dead_process_is_woken_at_once(portal: Portal) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as died:
        died.wait()
    hold_by(portal, died.pid)
    assert list_waiting_portals(timezone.now()) == [portal.pk]


def test_portal_of_a_living_process_is_left_alone(portal: Portal) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as living:
        hold_by(portal, living.pid)
        assert list_waiting_portals(timezone.now()) == []
        living.communicate(b"\n")
