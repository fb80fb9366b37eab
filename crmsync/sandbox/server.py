"""The HTTP side: a threading server on 127.0.0.1 that authorises a webhook URL and writes one envelope a request."""

import logging
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from crmsync.sandbox.calls import Call, Credential
from crmsync.sandbox.faults import Faults
from crmsync.sandbox.knobs import DEFAULT_CODE, Knobs
from crmsync.sandbox.log import Log
from crmsync.sandbox.portal import Portal, Request
from crmsync.sandbox.response import deliver
from crmsync.sandbox.store import Store
from crmsync.sandbox.tokens import CLIENT_ID, TOKEN_PATH, AppCredential, Tokens

HOST = "127.0.0.1"
# How long stopping may take; tests start and stop a server each.
POLL_SECONDS = 0.005
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


class SandboxServer:
    """A running sandbox: `with SandboxServer(store) as server: server.url`."""

    def __init__(
        self, store: Store, *, port: int = 0, code: str = DEFAULT_CODE, user_id: int = 1, **knobs: Any
    ) -> None:
        self.store = store
        self.code = code
        self.user_id = user_id
        self.knobs = Knobs(**knobs)
        credentials = {code: Credential(user_id, tuple(store.scopes))}
        self.portal = Portal(store, self.knobs, credentials=credentials, stem=code)
        self._http = HttpServer(self.portal, port=port)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Return the port the server listens on."""
        return self._http.server_address[1]

    @property
    def url(self) -> str:
        """Return the webhook URL to connect with."""
        return f"{self.origin}/rest/{self.user_id}/{self.code}/"

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return f"http://{HOST}:{self.port}"

    @property
    def faults(self) -> Faults:
        """Return the faults, to add to and to clear."""
        return self.portal.faults

    @property
    def log(self) -> Log:
        """Return the log of requests."""
        return self.portal.log

    @property
    def credentials(self) -> dict[str, Credential]:
        """Return the webhooks by code; change it to revoke one or to add another."""
        return self.portal.credentials

    @property
    def tokens(self) -> Tokens:
        """Return the tokens of applications, to read and to revoke."""
        return self.portal.tokens

    def grant(self, *, scopes: tuple[str, ...] | None = None) -> dict[str, Any]:
        """Install an application for the webhook's user: its tokens, and all it needs to renew them."""
        credential = AppCredential(self.user_id, scopes or tuple(self.store.scopes))
        return {
            **self.tokens.grant(credential),
            "client_id": CLIENT_ID,
            "client_secret": self.tokens.client_secret,
            "client_endpoint": f"{self.origin}/rest/",
            "token_endpoint": f"{self.origin}/{TOKEN_PATH}/",
        }

    def on_request(self, hook: Callable[[Call], None]) -> None:
        """Have a function called before every method call, commands of batches included."""
        self.portal.dispatcher.hooks.append(hook)

    def start(self) -> "SandboxServer":
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self._http.serve_forever, args=(POLL_SECONDS,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and close every connection."""
        if self._thread:
            self._http.shutdown()
            self._thread.join()
        self._http.close_connections()
        self._http.server_close()

    def __enter__(self) -> "SandboxServer":
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()
