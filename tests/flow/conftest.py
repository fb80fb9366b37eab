"""The fixtures of the synchronisation, for tests that go from a portal's records to KPIs."""

from tests.crmsync.sync.conftest import run, server, sweep
from tests.targets.conftest import boss

__all__ = ["boss", "run", "server", "sweep"]
