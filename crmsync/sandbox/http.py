"""The listening socket: a threading server on 127.0.0.1 that hands each request to the portal."""

import logging
import socket
import socketserver
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from crmsync.sandbox.portal import Portal, Request
from crmsync.sandbox.response import deliver

HOST = "127.0.0.1"
logger = logging.getLogger(__name__)


class Handler(BaseHTTPRequestHandler):
    """Reads one request, asks the portal, writes the response."""

    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "HttpServer"

    def do_POST(self) -> None:
        """Answer a call."""
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(url.path, url.query, body, self.headers.get("Content-Type", ""))
        deliver(self.server.portal.respond(request), self, stopping=self.server.stopping)

    def do_GET(self) -> None:
        """Answer a call whose parameters stand in the URL."""
        self.do_POST()

    def finish(self) -> None:
        """Close both directions, also when the client went away before it had taken everything."""
        try:
            super().finish()
        finally:
            self.rfile.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: the path holds the webhook's code."""


class HttpServer(ThreadingHTTPServer):
    """The listening socket; threads die with the process and connections with the server."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, portal: Portal, *, port: int) -> None:
        super().__init__((HOST, port), Handler)
        self.portal = portal
        self.stopping = threading.Event()
        self.connections: set[socket.socket] = set()

    def server_bind(self) -> None:
        """Bind without looking up this machine's name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection, so that closing the server closes it too."""
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        self.connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End every open connection, hanging ones included, as a dying process would."""
        self.stopping.set()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what went wrong here; a client that went away reports it itself."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            logger.exception("The sandbox could not answer.")
