"""A broker that goes away, forgets or falls silent costs minutes at most: what was due is done without anybody's help."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crmsync.heartbeat import SILENCE, find_last_beat, is_silent
from crmsync.models import Portal, Slot, SyncRun
from crmsync.sandbox.server import SandboxServer
from crmsync.slots import order_slot
from crmsync.sandbox.store import Store
from tests.crmsync.sync.company import differences
from tests.workers.brokers import Broker
from tests.workers.fleet import Fleet, wait_until
from tests.workers.proxy import Proxy

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("schedule")]
# Deafness is noticed in seconds instead of most of a minute; everything else is as in production.
SHORT = 2
HASTY_REDIS = {"health_check_interval": SHORT}


@pytest.fixture
def clocks(broker: Broker) -> dict:
    """The product's settings with a short clock for connections that have died."""
    options = {"redis": {"broker_transport_options": HASTY_REDIS}, "amqp": {"broker_heartbeat": SHORT}}
    return options[broker.kind]


@pytest.fixture
def portal(connect, server: SandboxServer) -> Portal:
    return connect(server)


def is_done(portal: Portal) -> bool:
    return not Slot.objects.filter(portal=portal, done_at=None).exists()


def order_sync(portal: Portal) -> None:
    """Order a sync as an administrator does while the message cannot be sent."""
    assert wait_until(lambda: order_slot(portal, Slot.Job.SYNC, timezone.now()))


def test_work_due_in_an_outage_is_done_afterwards(
    far_fleet: Fleet, proxy: Proxy, portal: Portal, store: Store
) -> None:
    far_fleet.start_worker()
    far_fleet.start_beat()
    assert wait_until(lambda: SyncRun.objects.filter(outcome="complete").exists())
    proxy.refuse()
    store.update("deals", 1, opportunity=7)
    order_sync(portal)
    assert not wait_until(lambda: is_done(portal), seconds=3)
    proxy.resume()
    assert wait_until(lambda: is_done(portal))
    assert differences(store, portal) == []
