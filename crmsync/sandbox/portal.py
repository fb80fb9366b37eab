"""Between HTTP and methods: finds the credential, reads the parameters, writes the envelope, keeps the log."""

import json
import time
from typing import Any

from crmsync.sandbox.batch import name_method, read_commands
from crmsync.sandbox.calls import Credential
from crmsync.sandbox.dispatch import Dispatcher
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.events import Events
from crmsync.sandbox.exchange import Exchange, Request
from crmsync.sandbox.faults import TRANSPORT, Faults
from crmsync.sandbox.knobs import Knobs
from crmsync.sandbox.limits import LeakyBucket
from crmsync.sandbox.log import Log
from crmsync.sandbox.methods import BATCH
from crmsync.sandbox.outcome import Outcome
from crmsync.sandbox.params import Params, parse_body, parse_form
from crmsync.sandbox.refusals import check_portal, unknown_code
from crmsync.sandbox.response import Response, bend_response, error_outcome
from crmsync.sandbox.store import Store
from crmsync.sandbox.tokens import TOKEN_METHOD, TOKEN_PATH, TokenOutcome, Tokens


class Portal:
    """One portal: its store, its limits, the webhooks and tokens it has given out, and what it was asked."""

    def __init__(self, store: Store, knobs: Knobs, *, credentials: dict[str, Credential], stem: str = "") -> None:
        self.store = store
        self.knobs = knobs
        self.credentials = credentials
        self.tokens = Tokens(knobs, clock=lambda: store.clock(), stem=stem)
        self.bucket = LeakyBucket(knobs, clock=store.clock)
        self.faults = Faults()
        self.events = Events(store, knobs, stem=stem)
        self.dispatcher = Dispatcher(store, knobs, self.faults, self.events)
        self.log = Log()

    def respond(self, request: Request) -> Response:
        """Answer one HTTP request and log it."""
        at = time.monotonic()
        exchange = Exchange()
        try:
            self.run(request, exchange)
        except RestError as error:
            exchange.outcome = Outcome(error)
        body = encode(exchange.outcome.envelope())
        response = bend_response(Response(exchange.outcome.status, body), exchange.faults, path=request.path)
        self.log.write(exchange.entry(at=at, status=response.status))
        return response

    def run(self, request: Request, exchange: Exchange) -> None:
        """Let a request in and run it, writing down what happened on the way.

        Raises: RestError when it is refused before any method runs.
        """
        if request.path.strip("/") == TOKEN_PATH:
            self.run_renewal(request, exchange)
            return
        credential, exchange.method = self.authorise(request)
        params = read_params(request)
        exchange.faults = self.faults.strike(TRANSPORT, called_methods(exchange.method, params))
        with self.store.lock:
            self.bucket.admit()
        ordered = error_outcome(exchange.faults)
        if ordered is not None:
            exchange.outcome = ordered
        else:
            run = self.dispatcher.run_request
            exchange.outcome, exchange.commands = run(exchange.method, params, credential)

    def run_renewal(self, request: Request, exchange: Exchange) -> None:
        """Exchange a refresh token; it costs nothing of the portal's limits."""
        exchange.method = TOKEN_METHOD
        exchange.faults = self.faults.strike(TRANSPORT, (TOKEN_METHOD,))
        ordered = error_outcome(exchange.faults)
        exchange.outcome = ordered or TokenOutcome(result=self.tokens.renew(read_params(request)))

    def authorise(self, request: Request) -> tuple[Credential, str]:
        """Read who calls and which method: a webhook by its path, an application by its token.

        Raises: RestError for a path, a code or a token this portal does not know, or while it takes no requests.
        """
        parts = request.path.strip("/").split("/")
        if len(parts) not in (2, 4) or parts[0] != "rest":
            raise RestError(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
        check_portal(self.knobs, by_webhook=len(parts) == 4)
        method = parts[-1].lower().removesuffix(".json")
        if len(parts) == 2:
            return self.tokens.authorise(read_params(request)), method
        credential = self.credentials.get(parts[2])
        if credential is None or str(credential.user_id) != parts[1]:
            raise unknown_code(self.knobs)
        return credential, method


def called_methods(method: str, params: Params) -> tuple[str, ...]:
    """List the methods of a request, those inside a batch included."""
    if method != BATCH:
        return (method,)
    try:
        commands = read_commands(params)
    except RestError:
        return (method,)
    return (method, *(name_method(command) for command in commands.values()))


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
