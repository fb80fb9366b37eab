"""The line to a portal: every request takes its place under the limit, is sent, and is repeated where that helps."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from crmsync.bitrix24.errors import LimitedError, TransientError
from crmsync.bitrix24.patience import Attempts, Patience
from crmsync.bitrix24.throttle import Throttle
from crmsync.bitrix24.transport import Transport

Read = TypeVar("Read")


class Line:
    """Sends requests and counts them; `last_seconds` is how long the last one took.

    `on_request` is called before each request and before each pause, so never less often than an attempt lasts.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        throttle: Throttle,
        patience: Patience,
        on_request: Callable[[], None] | None = None,
    ) -> None:
        self.transport = transport
        self.throttle = throttle
        self.patience = patience
        self.on_request = on_request
        self.requests = 0
        self.last_seconds = 0.0

    def ask(
        self, method: str, params: Mapping[str, Any], *, is_read: bool, read: Callable[[dict[str, Any]], Read]
    ) -> Read:
        """Send until `read` accepts the answer, or the portal's refusal is final, or patience is over.

        Raises: PortalError, the last one.
        """
        attempts = Attempts(self.patience, method, is_read=is_read, throttle=self.throttle)
        while True:
            seconds = attempts.begin()
            try:
                return read(self._send(method, params, seconds=seconds))
            except (TransientError, LimitedError) as error:
                failure = error
            self._report_life()
            if not attempts.pause_after(failure):
                raise failure

    def _send(self, method: str, params: Mapping[str, Any], *, seconds: float) -> dict[str, Any]:
        self._report_life()
        self.requests += 1
        begun = self.patience.clock()
        try:
            return self.transport.send(method, params, seconds=seconds)
        finally:
            self.last_seconds = self.patience.clock() - begun

    def _report_life(self) -> None:
        if self.on_request:
            self.on_request()
