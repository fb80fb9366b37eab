"""Two beats with one schedule in the database: both live, both send, and what is due is done once."""

from collections.abc import Callable

import pytest

from config.schedule import set_interval
from crmsync.models import Portal, Slot, SyncRun
from crmsync.sandbox.server import SandboxServer
from tests.workers.due import count_complete
from tests.workers.fleet import Fleet, wait_until

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("schedule")]
SENT, RECEIVED = b"Sending due task itogi.tick", b"tasks.tick["


# Two beats on Redis are part of tests/workers/test_slots.py.
@pytest.mark.parametrize("broker", ["amqp"], indirect=True)
def test_two_beats_do_nothing_twice(fleet: Fleet, connect: Callable[..., Portal], server: SandboxServer) -> None:
    portal = connect(server)
    worker, beats = fleet.start_worker(), [fleet.start_beat(), fleet.start_beat()]
    assert wait_until(lambda: all(fleet.read_log(beat).count(SENT) >= 3 for beat in beats))
    # A changed schedule is read again by both.
    set_interval("itogi.tick", seconds=2)
    assert wait_until(lambda: all(fleet.read_log(beat).count(b"Schedule changed") for beat in beats))
    assert wait_until(lambda: fleet.read_log(worker).count(RECEIVED) > 2 * 3 and count_complete(portal))
    assert [beat.poll() for beat in beats] == [None, None]
    assert b"Traceback" not in b"".join(fleet.read_log(member) for member in fleet.members)
    assert (Slot.objects.count(), SyncRun.objects.count()) == (1, 1)
