"""A connection that nobody has closed but nobody hears: it is noticed, replaced, and admitted meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crmsync.heartbeat import SILENCE, find_last_beat, is_silent
from crmsync.models import Portal
from crmsync.sandbox.server import SandboxServer
from tests.workers.brokers import Broker
from tests.workers.due import count_complete, is_done, order_sync
from tests.workers.fleet import Fleet, wait_until
from tests.workers.proxy import Proxy

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("schedule")]
# In production it is 20 seconds; twice that is how long deafness may last.
SHORT, NEVER = 2, 3600


def set_clock(broker: Broker, seconds: int) -> dict[str, Any]:
    """Change how long a connection may be silent; everything else is as in production."""
    if broker.kind == "redis":
        return {"broker_transport_options": {"health_check_interval": seconds}}
    return {"broker_heartbeat": seconds if seconds < NEVER else 0}


@pytest.fixture
def portal(connect: Callable[..., Portal], server: SandboxServer) -> Portal:
    return connect(server)


def deafen(fleet: Fleet, proxy: Proxy, portal: Portal, *, conf: dict[str, Any]) -> None:
    """Let all connections go deaf once work has begun; new ones are heard again three seconds later."""
    fleet.start_worker(conf=conf)
    fleet.start_beat()
    assert wait_until(lambda: count_complete(portal))
    proxy.deafen()
    order_sync(portal)
    assert not wait_until(lambda: is_done(portal), seconds=3)
    last = find_last_beat()
    assert last
    assert is_silent(last + SILENCE + timedelta(seconds=1))
    proxy.resume()


def test_deaf_worker_connects_anew(far_fleet: Fleet, proxy: Proxy, broker: Broker, portal: Portal) -> None:
    deafen(far_fleet, proxy, portal, conf=set_clock(broker, SHORT))
    assert wait_until(lambda: is_done(portal))
    assert not is_silent(timezone.now())


def test_worker_that_does_not_listen_for_silence_stays_deaf(
    far_fleet: Fleet, proxy: Proxy, broker: Broker, portal: Portal
) -> None:
    deafen(far_fleet, proxy, portal, conf=set_clock(broker, NEVER))
    deafened = find_last_beat()
    assert not wait_until(lambda: find_last_beat() != deafened, seconds=6)
    assert not is_done(portal)
