"""A hard end for one HTTP exchange: read timeouts start anew with every byte, so a dripping portal needs a cut."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

_present = threading.local()


class Watchdog:
    """Cuts the socket that its thread is using when the time is up."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._socket: Any = None
        self._timer = threading.Timer(max(0.0, seconds), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "Watchdog":
        _present.watchdog = self
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        _present.watchdog = None

    def watch(self, sock: Any) -> None:
        """Remember the socket in use; one that comes after the end is cut at once."""
        self._socket = sock
        if self.expired:
            self._cut()

    def _cut(self) -> None:
        self.expired = True
        if isinstance(self._socket, socket.socket):
            # The base class's method: SSLSocket's own would switch the reading thread to plain text.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class Watched:
    """A connection that shows its socket to the watchdog of the thread that uses it."""

    sock: Any

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self._show()

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._show()
        super().request(*args, **kwargs)  # type: ignore[misc]

    def _show(self) -> None:
        watchdog = getattr(_present, "watchdog", None)
        if watchdog and self.sock:
            watchdog.watch(self.sock)


class WatchedConnection(Watched, HTTPConnection):
    pass


class WatchedTLSConnection(Watched, HTTPSConnection):
    pass


class WatchedPool(HTTPConnectionPool):
    ConnectionCls = WatchedConnection


class WatchedTLSPool(HTTPSConnectionPool):
    ConnectionCls = WatchedTLSConnection


class WatchedAdapter(HTTPAdapter):
    """Gives a requests session connections that a watchdog can cut."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": WatchedPool, "https": WatchedTLSPool}
