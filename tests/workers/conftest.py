"""A broker's queue for one test, a portal on a sandbox, and a fleet of real processes that ends with the test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from config.schedule import install_schedule, set_interval
from crmsync.connect import connect_portal
from crmsync.models import Portal
from crmsync.sandbox.server import SandboxServer
from crmsync.sandbox.store import Store
from tests.crmsync.sync.company import make_store
from tests.workers.brokers import Broker
from tests.workers.fleet import Fleet
from tests.workers.proxy import Proxy


@pytest.fixture(params=["redis", "amqp"])
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    broker = Broker(request.param)
    yield broker
    broker.forget()


@pytest.fixture
def proxy(broker: Broker) -> Iterator[Proxy]:
    with Proxy(broker.port) as proxy:
        yield proxy


@pytest.fixture
def fleet(broker: Broker, transactional_db: None, tmp_path: Path) -> Iterator[Fleet]:
    """Processes that talk to the broker directly."""
    connection.ensure_connection()
    with Fleet(broker.knobs(), logs=tmp_path) as fleet:
        yield fleet


@pytest.fixture
def far_fleet(broker: Broker, proxy: Proxy, transactional_db: None, tmp_path: Path) -> Iterator[Fleet]:
    """Processes that reach the broker through the proxy."""
    with Fleet(broker.knobs(proxy.port), logs=tmp_path) as fleet:
        yield fleet


@pytest.fixture
def schedule(transactional_db: None) -> None:
    """The product's own schedule, with a tick each second."""
    install_schedule()
    set_interval("itogi.tick", seconds=1)


@pytest.fixture
def store() -> Store:
    return make_store(deals=20, leads=10, activities=10)


@pytest.fixture
def server(store: Store, canary: str) -> Iterator[SandboxServer]:
    with SandboxServer(store, code=canary, bucket_capacity=0, operating_limit=0) as server:
        yield server


@pytest.fixture
def connect(transactional_db: None) -> Callable[..., Portal]:
    """Connect a sandbox without its limit; what no form allows is written into the row."""

    def connect(server: SandboxServer, **columns: object) -> Portal:
        portal = connect_portal(server.url, name=f"Ромашка {server.port}").portal
        Portal.objects.filter(pk=portal.pk).update(**{"bucket_leak": 0} | columns)
        return Portal.objects.get(pk=portal.pk)

    return connect
