"""The fixtures of the synchronisation's tests: a small company on a sandbox portal, connected, and a sync."""

from tests.crmsync.sync.conftest import connected, run, server, store, touched

__all__ = ["connected", "run", "server", "store", "touched"]
