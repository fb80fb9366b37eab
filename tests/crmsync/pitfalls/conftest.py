"""The fixtures of the synchronisation's tests, a client that waits for nothing, and what the portal was asked."""

from collections.abc import Iterator

import pytest

from crmsync.bitrix24.client import Client
from crmsync.models import Portal
from crmsync.sandbox import SandboxServer
from crmsync.sandbox.calls import Call
from tests.crmsync.sync.conftest import connected, open_hasty, run, server, store, touched

__all__ = ["connected", "run", "server", "store", "touched"]


@pytest.fixture
def caller(connected: Portal) -> Iterator[Client]:
    """The product's client on the connected portal; it sleeps without waiting."""
    with open_hasty(connected, on_request=lambda: None).client as client:
        yield client


@pytest.fixture
def calls(server: SandboxServer) -> list[Call]:
    """Every method call from here on, commands of batches included."""
    seen: list[Call] = []
    server.on_request(seen.append)
    return seen
