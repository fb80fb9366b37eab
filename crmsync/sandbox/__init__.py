"""A portal on loopback: speaks the Bitrix24 REST protocol over made-up or given records, for demos, tests, benches."""

from crmsync.sandbox.server import SandboxServer
from crmsync.sandbox.store import Store

__all__ = ["SandboxServer", "Store"]
