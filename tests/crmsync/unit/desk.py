"""A stand-in for the client: answers each stream's command with what a test has laid ready, and remembers requests."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from crmsync.bitrix24.answers import Answer
from crmsync.bitrix24.client import Listing
from crmsync.bitrix24.errors import PortalError
from crmsync.windows import Raw

Commands = Mapping[str, tuple[str, Mapping[str, Any]]]


class Desk:
    """`laid` is what each command gets: rows, an error, anything else that a portal may say, or a function of params.

    `again` is what a method answers when it is asked alone, after its command in a batch has failed.
    """

    def __init__(
        self,
        *,
        clock: Any = "2026-03-02T12:00:00+03:00",
        server_time: datetime | None = None,
        fields: Mapping[int, Any] | None = None,
        pages: Mapping[int, tuple[list[Raw], int | None]] | None = None,
        next_starts: Mapping[str, int] | None = None,
        walked: list[list[Raw]] | None = None,
        again: Mapping[str, Any] | None = None,
        **laid: Any,
    ) -> None:
        self.clock, self.server_time = clock, server_time
        self.fields, self.pages, self.next_starts = fields or {}, pages or {}, next_starts or {}
        self.walked, self.again, self.laid = walked or [], again or {}, laid
        self.batches: list[Commands] = []
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.walks: list[tuple[str, int, int | None, int | None]] = []

    def batch(self, commands: Commands) -> dict[str, Answer | PortalError]:
        self.batches.append(commands)
        return {key: self._answer(key, params) for key, (_, params) in commands.items()}

    def call(self, method: str, params: Mapping[str, Any]) -> Answer:
        self.calls.append((method, params))
        if method not in self.again:
            rows, next_start = self.pages[params["START"]]
            return Answer(rows, next=next_start)
        if isinstance(self.again[method], PortalError):
            raise self.again[method]
        return Answer(self.again[method])

    def walk(self, listing: Listing, *, after: int, last: int | None, expected: int | None) -> Iterator[list[Raw]]:
        self.walks.append((listing.method, after, last, expected))
        yield from self.walked

    def _answer(self, key: str, params: Mapping[str, Any]) -> Answer | PortalError:
        found = self.clock if key == "clock" else self.laid.get(key, [])
        if callable(found):
            return found(params)
        if key.startswith("fields"):
            found = self.fields.get(int(key.removeprefix("fields")), {})
            found = {"fields": found} if isinstance(found, dict) else found
        if isinstance(found, PortalError):
            return found
        return Answer(found, next=self.next_starts.get(key), server_time=self.server_time)
