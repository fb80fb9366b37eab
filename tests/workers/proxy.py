"""A way to a broker that fails on command: it cuts, refuses, or goes deaf like a connection that a firewall forgot."""

import contextlib
import socket
import threading
from types import TracebackType

LOOPBACK = "127.0.0.1"
CHUNK = 65_536


class Link:
    """One client's connection through the proxy; a deaf one swallows what comes and never hears again."""

    def __init__(self, client: socket.socket, *, port: int | None) -> None:
        self.client = client
        self.server = socket.create_connection((LOOPBACK, port)) if port else None
        self.is_deaf = port is None

    def start(self) -> None:
        """Carry both directions in threads of their own until either side ends."""
        ways = [(self.client, self.server), (self.server, self.client)] if self.server else [(self.client, None)]
        for source, target in ways:
            threading.Thread(target=self.carry, args=(source, target), daemon=True).start()

    def carry(self, source: socket.socket, target: socket.socket | None) -> None:
        """Carry one direction; when it ends, both do."""
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if target and not self.is_deaf:
                    target.sendall(data)
        # The far end of a forgotten connection is not told that this one has gone, nor the other way round.
        if not self.is_deaf or source is self.client:
            self.close()

    def close(self) -> None:
        """End the connection on both sides."""
        for side in filter(None, (self.client, self.server)):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()


class Proxy:
    """Forwards a port of loopback to a broker's: `with Proxy(6379) as proxy: proxy.port`."""

    def __init__(self, broker_port: int) -> None:
        self.broker_port = broker_port
        self.port = 0
        self.is_deaf = False
        self.links: list[Link] = []
        self.listener: socket.socket | None = None

    def __enter__(self) -> "Proxy":
        self.resume()
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.refuse()

    def resume(self) -> None:
        """Serve whoever comes from now on; connections that went deaf stay deaf."""
        self.is_deaf = False
        if self.listener is None:
            self.listener = socket.create_server((LOOPBACK, self.port), backlog=64)
            self.port = self.listener.getsockname()[1]
            threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener: socket.socket) -> None:
        """Take connections until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                link = Link(client, port=None if self.is_deaf else self.broker_port)
                self.links.append(link)
                link.start()

    def cut(self) -> None:
        """End every connection, as a broker does that dies."""
        while self.links:
            self.links.pop().close()

    def refuse(self) -> None:
        """Be like a broker that is not running: no connection lives and none is accepted."""
        if self.listener:
            # Closing alone would not wake the thread that waits in accept().
            with contextlib.suppress(OSError):
                self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        self.cut()

    def deafen(self) -> None:
        """Go on accepting, and swallow everything: nobody is told that nobody listens."""
        self.is_deaf = True
        for link in self.links:
            link.is_deaf = True
