"""A running sandbox: a portal behind an HTTP server in a thread of its own, with everything that tests turn on it."""

import threading
from collections.abc import Callable
from typing import Any

from crmsync.sandbox.calls import Call, Credential
from crmsync.sandbox.events import Events
from crmsync.sandbox.faults import Faults
from crmsync.sandbox.http import HOST, HttpServer
from crmsync.sandbox.knobs import DEFAULT_CODE, Knobs
from crmsync.sandbox.log import Log
from crmsync.sandbox.portal import Portal
from crmsync.sandbox.store import Store
from crmsync.sandbox.tokens import CLIENT_ID, TOKEN_PATH, AppCredential, Tokens

# How long stopping may take; tests start and stop a server each.
POLL_SECONDS = 0.005


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
    def events(self) -> Events:
        """Return the events, to bind handlers to and to deliver."""
        return self.portal.events

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
