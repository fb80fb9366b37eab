"""Kill -9 in the middle of a sync: the next page lands within a minute, whichever process died and wherever it ran."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from crmsync.lease import TERM
from crmsync.models import Portal, SyncRun
from crmsync.sandbox.server import SandboxServer
from crmsync.sandbox.store import Store
from tests.crmsync.sync.company import differences, make_store
from tests.workers.due import is_done
from tests.workers.fleet import Fleet, wait_until

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("schedule")]
MOST_SECONDS = 60
Kill = Callable[[], float]


@pytest.fixture
def store() -> Store:
    return make_store(deals=1500, leads=700, activities=900)


@pytest.fixture
def portal(connect: Callable[..., Portal], server: SandboxServer) -> Portal:
    server.faults.add("delay", seconds=0.25)
    return connect(server)


@pytest.fixture
def pair(fleet: Fleet) -> Fleet:
    """Two workers and a beat."""
    fleet.start_workers(2)
    fleet.start_beat()
    return fleet


def find_owner(portal: Portal) -> int:
    """Wait until a run has landed something, and give the process that runs it."""
    assert wait_until(lambda: SyncRun.objects.filter(portal=portal, done__gt=50).exists())
    owner = Portal.objects.values_list("lease_owner", flat=True).get(pk=portal.pk)
    assert SyncRun.objects.get(portal=portal).outcome == SyncRun.Outcome.RUNNING
    return int(owner.rpartition(":")[2])


def measure_recovery(portal: Portal) -> float:
    """Measure the seconds until another run lands a page."""
    start, died = time.monotonic(), SyncRun.objects.latest("pk").pk
    others = SyncRun.objects.filter(portal=portal, done__gt=0).exclude(pk=died)
    assert wait_until(others.exists, seconds=MOST_SECONDS)
    return time.monotonic() - start


def find_worker(fleet: Fleet, child: int) -> int:
    """Find the worker that a pool process belongs to."""
    leader = os.getpgid(child)
    assert leader in [member.pid for member in fleet.members]
    return leader


def assert_recovered(portal: Portal, store: Store) -> None:
    """Nothing is lost, nothing doubled, and the dead run is called so."""
    assert wait_until(lambda: is_done(portal))
    outcomes = SyncRun.objects.filter(portal=portal).order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["abandoned", "complete"]
    assert differences(store, portal) == []


def test_killed_pool_process_is_replaced(pair: Fleet, portal: Portal, store: Store) -> None:
    os.kill(find_owner(portal), signal.SIGKILL)
    seconds = measure_recovery(portal)
    print(f"a killed pool process: {seconds:.1f} s")  # noqa: T201 - a figure for whoever asks
    assert_recovered(portal, store)


def test_killed_worker_is_stood_in_for(pair: Fleet, portal: Portal, store: Store) -> None:
    os.killpg(find_worker(pair, find_owner(portal)), signal.SIGKILL)
    seconds = measure_recovery(portal)
    print(f"a killed worker: {seconds:.1f} s")  # noqa: T201 - a figure for whoever asks
    assert_recovered(portal, store)


@pytest.mark.parametrize("broker", ["amqp"], indirect=True)
def test_worker_of_another_machine_is_waited_for_until_its_lease_ends(
    pair: Fleet, portal: Portal, store: Store
) -> None:
    owner = find_owner(portal)
    Portal.objects.filter(pk=portal.pk).update(lease_owner="elsewhere:1")
    os.killpg(find_worker(pair, owner), signal.SIGKILL)
    seconds = measure_recovery(portal)
    print(f"a killed worker elsewhere: {seconds:.1f} s")  # noqa: T201 - a figure for whoever asks
    assert seconds > TERM.total_seconds() / 2
    assert_recovered(portal, store)
