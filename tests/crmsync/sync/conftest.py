"""A sandbox portal with the small company, connected, and a sync that never really sleeps."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crmsync.bitrix24.client import Client
from crmsync.bitrix24.credentials import parse_webhook
from crmsync.bitrix24.source import Bitrix24Source
from crmsync.bitrix24.throttle import Throttle
from crmsync.connect import connect_portal
from crmsync.models import Portal, SyncRun, TouchedDay
from crmsync.sandbox.server import SandboxServer
from crmsync.sandbox.store import Store
from crmsync.sweep import Sweep
from crmsync.sync import sync_portal
from tests.crmsync.sync.company import make_store


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def server(store: Store, canary: str) -> Iterator[SandboxServer]:
    with SandboxServer(store, code=canary, bucket_capacity=0, operating_limit=0) as server:
        yield server


@pytest.fixture
def connected(db: None, server: SandboxServer) -> Portal:
    portal = connect_portal(server.url, name="Ромашка").portal
    Portal.objects.filter(pk=portal.pk).update(bucket_leak=0)
    return Portal.objects.get(pk=portal.pk)


def open_hasty(portal: Portal, *, on_request: Callable[[], None], **options: Any) -> Bitrix24Source:
    """Open a portal with a client that waits for nothing."""
    client = Client(
        parse_webhook(portal.webhook_url),
        throttle=Throttle(portal.origin, capacity=50, leak=0, sleep=lambda _: None),
        sleep=lambda _: None,
        on_request=on_request,
        **options,
    )
    return Bitrix24Source(client, custom_fields=portal.custom_fields)


@pytest.fixture
def run() -> Callable[..., SyncRun]:
    """Synchronise; the portal is read again first, as every real run does."""

    def sync(portal: Portal, **options: Any) -> SyncRun:
        hasty: dict[str, Any] = {"open_source": open_hasty, "sleep": lambda _: None, "patience": timedelta(0)}
        options = hasty | options
        return sync_portal(Portal.objects.get(pk=portal.pk), **options)

    return sync


@pytest.fixture
def sweep(run: Callable[..., SyncRun]) -> Callable[..., SyncRun]:
    """Run a sync with a sweep."""

    def sweep(portal: Portal, **options: Any) -> SyncRun:
        accepts, since = options.pop("accepts_deletions", False), options.pop("since", timezone.now())
        return run(portal, sweep=Sweep(since, accepts_deletions=accepts), **options)

    return sweep


@pytest.fixture
def touched() -> Callable[[Portal], set]:
    """Give the touched cells as (CRM id of the employee, day), and forget them."""

    def take(portal: Portal) -> set:
        rows = TouchedDay.objects.filter(portal=portal)
        cells = set(rows.values_list("employee__external_id", "day"))
        rows.delete()
        return cells

    return take
