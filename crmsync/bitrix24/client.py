"""The Bitrix24 client: call, batch and walk, within the portal's limits; it knows no entity."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import requests
from django.utils import timezone

from crmsync.bitrix24.answers import Answer, read_answer
from crmsync.bitrix24.batch import MOST_COMMANDS, Command, cut_commands, read_batch, write_batch
from crmsync.bitrix24.credentials import Credentials
from crmsync.bitrix24.errors import LimitedError, PortalError, TransientError
from crmsync.bitrix24.keyset import PAGE_SIZE, Listing, Row, newest, unwrap
from crmsync.bitrix24.line import Line
from crmsync.bitrix24.operating import REFUSAL, OperatingTime, refuse_call
from crmsync.bitrix24.pace import Pace, Stretch, follow, read_stretch
from crmsync.bitrix24.patience import Patience, is_read
from crmsync.bitrix24.throttle import Throttle
from crmsync.bitrix24.transport import Transport

__all__ = ["PAGE_SIZE", "Answer", "Client", "Listing", "Row", "newest", "unwrap"]


class Client:
    """One connection to one portal, for one thread.

    `on_request` is called right before each HTTP request, and again after one that failed; it may stop the
    client by raising. `requests` counts the requests.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        throttle: Throttle,
        session: requests.Session | None = None,
        transport: Transport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = timezone.now,
        on_request: Callable[[], None] | None = None,
        deadline: float = 180.0,
        attempts: int = 6,
        depth: int = 20,
    ) -> None:
        self.credentials = credentials
        self.throttle = throttle
        self.now = now
        self.depth = max(1, min(depth, MOST_COMMANDS))
        self.operating = OperatingTime()
        self.line = Line(
            transport or Transport(credentials, session=session),
            throttle=throttle,
            patience=Patience(deadline=deadline, attempts=attempts, sleep=sleep, clock=clock),
            on_request=on_request,
        )

    @property
    def requests(self) -> int:
        """How many HTTP requests have been sent."""
        return self.line.requests

    def close(self) -> None:
        """Give the connections back."""
        self.line.transport.session.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, method: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Call one method.

        Raises: PortalError; LimitedError without asking while the method rests.
        """
        if refusal := self._find_rest(method):
            raise refusal
        try:
            answer = self.line.ask(method, params or {}, is_read=is_read(method), read=read_answer)
        except LimitedError as error:
            self._rest(error, method)
            raise
        self.operating.note(method, answer, now=self.now())
        return answer

    def batch(self, commands: Mapping[str, Command], *, halt: bool = False) -> dict[str, Answer | PortalError]:
        """Run commands, 50 a request; with `halt` an error ends the run.

        Shape: exactly one outcome a command, in their order.
        Raises: PortalError when the batch as a whole fails.
        """
        if halt and len(commands) > MOST_COMMANDS:
            raise ValueError(f"A chain cannot be longer than {MOST_COMMANDS} commands.")
        outcomes: dict[str, Answer | PortalError] = {}
        for part in cut_commands(commands):
            outcomes |= self._run(part, halt=halt)
        return outcomes

    def walk(
        self, listing: Listing, *, after: int = 0, last: int | None = None, expected: int | None = None
    ) -> Iterator[list[Row]]:
        """Read every row whose key is greater than `after`, ascending.

        The chains are sized by the number of rows `expected`, else by `last`, the greatest key; neither ends the walk.

        Shape: one list per HTTP request, no empty ones, keys growing; rows without a readable key are among them.
        Raises: PortalError after the rows that precede it.
        """
        return follow(
            Pace(most=self.depth, last=last, expected=expected),
            lambda cursor, pages: self._read_stretch(listing, after=cursor, pages=pages),
            after=after,
            share=lambda: self.operating.share(listing.method),
        )

    def _read_stretch(self, listing: Listing, *, after: int, pages: int) -> Stretch:
        outcomes: list[Answer | PortalError]
        if pages == 1:
            outcomes = [self.call(*listing.command(after=after))]
        else:
            try:
                outcomes = list(self.batch(listing.chain(after=after, pages=pages), halt=True).values())
            except TransientError as error:
                outcomes = [error]
        return read_stretch(listing, outcomes, after=after, seconds=self.line.last_seconds)

    def _run(self, commands: Mapping[str, Command], *, halt: bool) -> dict[str, Answer | PortalError]:
        resting = {method: self._find_rest(method) for method in {method for method, _ in commands.values()}}
        refused = {key: error for key, (method, _) in commands.items() if (error := resting[method])}
        if halt and refused:
            raise next(iter(refused.values()))
        left = {key: command for key, command in commands.items() if key not in refused}
        answered = self._send_batch(left, halt=halt) if left else {}
        return {key: refused[key] if key in refused else answered[key] for key in commands}

    def _send_batch(self, commands: Mapping[str, Command], *, halt: bool) -> dict[str, Answer | PortalError]:
        try:
            outcomes = self.line.ask(
                "batch",
                write_batch(commands, halt=halt),
                is_read=all(is_read(method) for method, _ in commands.values()),
                read=lambda body: read_batch(body, commands, conceal=self.credentials.conceal),
            )
        except LimitedError as error:
            # Which of its methods the portal means it does not say.
            self._rest(error, *{method for method, _ in commands.values()})
            raise
        for key, outcome in outcomes.items():
            if isinstance(outcome, Answer):
                self.operating.note(commands[key][0], outcome, now=self.now())
            else:
                self._rest(outcome, outcome.method)
        return outcomes

    def _find_rest(self, method: str) -> LimitedError | None:
        """Return the refusal of a method that is resting."""
        until = self.throttle.paused_until(method)
        return refuse_call(method, until=until) if until else None

    def _rest(self, error: PortalError, *methods: str) -> None:
        """Let methods rest that the portal has refused for their operating time."""
        if not isinstance(error, LimitedError) or error.code != REFUSAL:
            return
        for method in methods:
            if error.meters:
                self.operating.note(method, error.meters, now=self.now())
            error.until = self.operating.rest_until(method, now=self.now())
            self.throttle.pause(method, error.until)
