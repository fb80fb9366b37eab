"""Between HTTP and methods: finds the credential, reads the parameters, writes the envelope, keeps the log."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from crmsync.sandbox.calls import Credential
from crmsync.sandbox.dispatch import Dispatcher
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.knobs import Knobs
from crmsync.sandbox.limits import LeakyBucket
from crmsync.sandbox.log import Log, make_entry
from crmsync.sandbox.outcome import Outcome
from crmsync.sandbox.params import Params, parse_body, parse_form
from crmsync.sandbox.store import Store

JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """One HTTP request as it came."""

    path: str
    query: str
    body: bytes
    content_type: str


@dataclass(frozen=True)
class Response:
    """One HTTP response as it goes."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON_TYPE})


class Portal:
    """One portal: its store, its limits, the webhooks it has given out, and what it was asked."""

    def __init__(self, store: Store, knobs: Knobs, *, credentials: dict[str, Credential]) -> None:
        self.store = store
        self.credentials = credentials
        self.bucket = LeakyBucket(knobs, clock=store.clock)
        self.dispatcher = Dispatcher(store, knobs)
        self.log = Log()

    def respond(self, request: Request) -> Response:
        """Answer one HTTP request."""
        at = time.monotonic()
        method = ""
        inner: list[Outcome] = []
        try:
            credential, method = self.authorise(request.path)
            with self.store.lock:
                self.bucket.admit()
            outcome, inner = self.dispatcher.run_request(method, read_params(request), credential)
        except RestError as error:
            outcome = Outcome(error)
        rows = outcome.rows + sum(command.rows for command in inner)
        commands = tuple(command.method for command in inner)
        self.log.write(make_entry(method, outcome, at=at, commands=commands, rows=rows))
        return Response(outcome.status, encode(outcome.envelope()))

    def authorise(self, path: str) -> tuple[Credential, str]:
        """Read a webhook path: who calls and which method.

        Raises: RestError for a path or a code this portal does not know.
        """
        parts = path.strip("/").split("/")
        if len(parts) != 4 or parts[0] != "rest":
            raise RestError(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
        _, user_id, code, method = parts
        credential = self.credentials.get(code)
        if credential is None or str(credential.user_id) != user_id:
            raise RestError(401, "NO_AUTH_FOUND", "Wrong authorization data")
        return credential, method.lower().removesuffix(".json")


def read_params(request: Request) -> Params:
    """Merge the parameters of the URL and of the body; the body wins.

    Raises: RestError for a body that cannot be read.
    """
    try:
        return {**parse_form(request.query), **parse_body(request.body, content_type=request.content_type)}
    except ValueError:
        raise RestError(400, "ERROR_CORE", "Request body could not be parsed") from None


def encode(body: Any) -> bytes:
    """Write JSON as PHP does: compact, everything beyond ASCII escaped."""
    return json.dumps(body, separators=(",", ":")).encode()
