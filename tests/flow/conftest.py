"""The fixtures of the synchronisation, for tests that go from a portal's records to KPIs."""

from tests.crmsync.sync.conftest import run, server, sweep

__all__ = ["run", "server", "sweep"]
