"""A broker that goes away or forgets costs minutes at most: what was due is done without anybody's help."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from crmsync.heartbeat import is_silent
from crmsync.models import Portal
from crmsync.sandbox.server import SandboxServer
from crmsync.sandbox.store import Store
from tests.crmsync.sync.company import differences
from tests.workers.brokers import Broker
from tests.workers.due import count_complete, is_done, order_sync
from tests.workers.fleet import Fleet, wait_until
from tests.workers.proxy import Proxy

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("schedule")]


@pytest.fixture
def portal(connect: Callable[..., Portal], server: SandboxServer) -> Portal:
    return connect(server)


def go_away_while_working(proxy: Proxy, server: SandboxServer) -> None:
    """Take the broker away while a worker waits for the portal's answer."""
    server.faults.add("delay", seconds=2.0, times=1)
    server.log.clear()
    assert wait_until(lambda: server.log.counters["requests"])
    proxy.refuse()


def test_work_due_in_an_outage_is_done_afterwards(far_fleet: Fleet, proxy: Proxy, portal: Portal, store: Store) -> None:
    far_fleet.start_worker()
    far_fleet.start_beat()
    assert wait_until(lambda: count_complete(portal))
    proxy.refuse()
    store.update("deals", 1, opportunity=7)
    order_sync(portal)
    assert not wait_until(lambda: is_done(portal), seconds=3)
    proxy.resume()
    assert wait_until(lambda: is_done(portal))
    assert differences(store, portal) == []


def test_worker_finishes_what_it_does_and_outlives_the_outage(
    far_fleet: Fleet, proxy: Proxy, portal: Portal, server: SandboxServer
) -> None:
    worker = far_fleet.start_worker()
    far_fleet.start_beat()
    go_away_while_working(proxy, server)
    assert wait_until(lambda: count_complete(portal))
    order_sync(portal)
    proxy.resume()
    assert wait_until(lambda: count_complete(portal) == 2)
    assert worker.poll() is None


@pytest.mark.parametrize("broker", ["redis"], indirect=True)
def test_worker_without_our_channel_dies_of_an_outage(
    far_fleet: Fleet, proxy: Proxy, portal: Portal, server: SandboxServer
) -> None:
    worker = far_fleet.start_worker(unguarded="connection")
    far_fleet.start_beat()
    go_away_while_working(proxy, server)
    assert wait_until(lambda: worker.poll() is not None)


def test_lost_messages_are_sent_again(fleet: Fleet, broker: Broker, portal: Portal, store: Store) -> None:
    beat = fleet.start_beat()
    assert wait_until(lambda: fleet.read_log(beat).count(b"itogi.tick") > 2)
    broker.lose_messages()
    assert is_silent(timezone.now())
    fleet.start_worker()
    assert wait_until(lambda: count_complete(portal))
    assert not is_silent(timezone.now())
    assert differences(store, portal) == []


def test_messages_lost_under_a_working_worker_are_sent_again(fleet: Fleet, broker: Broker, portal: Portal) -> None:
    fleet.start_worker()
    fleet.start_beat()
    assert wait_until(lambda: count_complete(portal))
    order_sync(portal)
    broker.lose_messages()
    assert wait_until(lambda: count_complete(portal) == 2)
