"""Bitrix24 as a source of streams: the small interface through which the sync reads a CRM."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from crmsync.bitrix24.batch import Command
from crmsync.bitrix24.catalogue import ask_catalogues, list_within, merge_walks, read_catalogues
from crmsync.bitrix24.client import PAGE_SIZE, Answer, Client, Listing, newest, unwrap
from crmsync.bitrix24.errors import PortalError, StalledError, TransientError
from crmsync.bitrix24.glances import find_id, join_glances, read_glance
from crmsync.bitrix24.listings import build_listing, find_custom_names, needs_schema, take_custom_fields
from crmsync.bitrix24.normalize import MalformedError, read_instant
from crmsync.bitrix24.products import ask_products, check_page, follow_page
from crmsync.bitrix24.stream import Stream
from crmsync.bitrix24.streams import BY_KEY
from crmsync.windows import Glance, Raw, Window

CLOCK, CATALOGUES = "clock", "catalogues"


class Bitrix24Source:
    """Reads one portal's streams; what it yields are raw records, a list a request."""

    def __init__(self, client: Client, *, custom_fields: Mapping[str, Sequence[str]]) -> None:
        self.client = client
        self.custom_fields = custom_fields
        self.schemas: dict[int, dict[str, Any]] = {}
        self.catalogues: list[int] | PortalError | None = None
        self.offset: tzinfo = UTC

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def open(self, windows: Mapping[str, Window]) -> tuple[datetime, dict[str, Glance | PortalError]]:
        """Look at all windows in two requests. *Time*: the portal's clock, read before any record."""
        streams = [BY_KEY[key] for key in windows if key != "product_rows"]
        commands: dict[str, Command] = {CLOCK: ("server.time", {})}
        commands |= {f"fields{t}": ("crm.item.fields", {"entityTypeId": t}) for t in self._schemas_wanted(streams)}
        commands |= {CATALOGUES: ask_catalogues()} if any(s.in_catalogues for s in streams) else {}
        commands |= {s.key: self._first_page(s) for s in streams if not s.by_keyset}
        answers = self._ask(commands)
        now = self._read_clock(answers.pop(CLOCK))
        self._read_schemas(answers)
        if CATALOGUES in answers:
            self.catalogues = read_catalogues(answers.pop(CATALOGUES))
        walked = [s for s in streams if s.by_keyset and not self._find_refusal(s)]
        listings = {s.key: self._lists(s, windows[s.key]) for s in walked}
        answers |= self._ask(
            {
                # What changed since yesterday is quickly counted; a whole collection is not.
                name_command(key, place): newest(
                    listing, after=windows[key].after, counted=windows[key].since is not None
                )
                for key, lists in listings.items()
                for place, listing in enumerate(lists)
            }
        )
        return now, {s.key: self._look(s, windows[s.key], answers) for s in streams}

    def pages(self, stream: Stream, window: Window, glance: Glance) -> Iterator[list[Raw]]:
        """Yield the window's records in order of their ids, one list a request."""
        if glance.complete or not stream.by_keyset:
            yield self._finish(stream, glance.rows)
        if glance.complete:
            return
        if stream.by_keyset:
            counted, reached = glance.expected if glance.counted else None, window.after
            for rows in self._walk(stream, window, last=glance.last, expected=counted):
                reached = max([reached, *filter(None, (find_id(row.get(stream.id_field)) for row in rows))])
                yield self._finish(stream, rows)
            if reached < (glance.last or 0):
                # The first look saw a record behind what the portal now calls the end.
                raise TransientError("LIST_ENDED_EARLY", method=stream.method)
            return
        start = glance.next_start
        while start is not None:
            method, params = self._first_page(stream)
            answer = self.client.call(method, {**params, stream.start_name: start})
            yield self._finish(stream, unwrap(self._list(stream, window), answer))
            if answer.next is not None and answer.next <= start:
                raise StalledError("CURSOR_STALLED", method=method)
            start = answer.next

    def product_rows(self, deal_ids: Sequence[int]) -> list[Raw]:
        """Read the product lines of some deals, many deals a request. *Raises* the first error of any command."""
        waiting, totals = ask_products(deal_ids), dict[str, int | None]()
        listing = self._list(BY_KEY["product_rows"], Window())
        rows: list[Raw] = []
        while waiting:
            answers = {key: self._good(answer) for key, answer in self._ask(waiting).items()}
            for key, answer in answers.items():
                found, total = unwrap(listing, answer), totals.setdefault(key, answer.total)
                rows += check_page(waiting[key], answer, found, total=total)
            following = {key: follow_page(waiting[key], answer) for key, answer in answers.items()}
            waiting = {key: command for key, command in following.items() if command}
        return rows

    def headings(self, stream: Stream, *, after: int, expected: int) -> Iterator[list[Raw]]:
        """Yield id and date of change of every record after an id, one list a request, in order of the ids."""
        wanted = [name for name in (stream.id_field, *stream.requires, stream.changed_field) if name]
        params = {"select": wanted} if stream.selects else {}
        yield from self._walk(stream, Window(after=after), expected=expected, params=params)

    def fetch(self, stream: Stream, ids: Sequence[int]) -> list[Raw]:
        """Read the records with these ids, as many as there are."""
        chunks = [list(ids[at : at + PAGE_SIZE]) for at in range(0, len(ids), PAGE_SIZE)]
        # The catalogue's methods know no sign for "one of": there a bare list means it.
        name = stream.id_field if stream.in_catalogues else f"@{stream.id_field}"
        narrowed = [narrow(listing, name, chunk) for listing in self._lists(stream, Window()) for chunk in chunks]
        commands = {f"i{number}": listing.command(after=0) for number, listing in enumerate(narrowed)}
        answers = [self._good(answer) for answer in self._ask(commands).values()]
        listing = self._list(stream, Window())
        return self._finish(stream, [row for answer in answers for row in unwrap(listing, answer)])

    @property
    def missing_fields(self) -> list[str]:
        """Custom fields that are configured but that the portal does not have (any more)."""
        return [
            name
            for stream in BY_KEY.values()
            if (schema := self.schemas.get(stream.entity_type or 0))
            for name in self._custom(stream)
            if name not in find_custom_names(schema, [name]).values()
        ]

    def _ask(self, commands: Mapping[str, Command]) -> dict[str, Answer | PortalError]:
        """Run a batch; a command that failed by accident is asked once more by itself, with patience."""
        answers = self.client.batch(commands)
        return {
            key: self._ask_alone(commands[key]) if isinstance(answer, TransientError) else answer
            for key, answer in answers.items()
        }

    def _ask_alone(self, command: Command) -> Answer | PortalError:
        try:
            return self.client.call(*command)
        except PortalError as error:
            return error

    def _custom(self, stream: Stream) -> Sequence[str]:
        return self.custom_fields.get(stream.custom_key, ()) if stream.custom_key else ()

    def _schemas_wanted(self, streams: Sequence[Stream]) -> list[int]:
        return [s.entity_type for s in streams if s.entity_type and needs_schema(s, self._custom(s))]

    def _list(self, stream: Stream, window: Window) -> Listing:
        schema = self.schemas.get(stream.entity_type or 0, {})
        return build_listing(stream, window, schema=schema, custom=self._custom(stream), offset=self.offset)

    def _find_catalogues(self) -> list[int] | PortalError:
        if self.catalogues is None:
            self.catalogues = read_catalogues(self._ask_alone(ask_catalogues()))
        return self.catalogues

    def _find_refusal(self, stream: Stream) -> PortalError | None:
        found = self._find_catalogues() if stream.in_catalogues else None
        return found if isinstance(found, PortalError) else None

    def _lists(self, stream: Stream, window: Window) -> list[Listing]:
        """Build what a stream is read by. *Raises* what the list of catalogues met."""
        listing, found = self._list(stream, window), self._find_catalogues() if stream.in_catalogues else None
        if isinstance(found, PortalError):
            raise found
        return [listing] if found is None else list_within(listing, found)

    def _walk(
        self,
        stream: Stream,
        window: Window,
        *,
        last: int | None = None,
        expected: int | None = None,
        params: Any = None,
    ) -> Iterator[list[Raw]]:
        listings = [replace(one, params={**one.params, **(params or {})}) for one in self._lists(stream, window)]
        # Of several lists nobody knows how much is in which.
        expected = expected if len(listings) == 1 else None
        walks = [self.client.walk(one, after=window.after, last=last, expected=expected) for one in listings]
        yield from merge_walks(walks, read_id=lambda row: find_id(row.get(stream.id_field)))

    def _first_page(self, stream: Stream) -> Command:
        listing = self._list(stream, Window())
        return listing.method, listing.params

    @staticmethod
    def _good(answer: Answer | PortalError) -> Answer:
        if isinstance(answer, PortalError):
            raise answer
        return answer

    def _read_clock(self, answer: Answer | PortalError) -> datetime:
        answer = self._good(answer)
        try:
            now = read_instant(answer.result)
        except MalformedError:
            now = None
        if now is None:
            raise TransientError("CLOCK_UNREADABLE", method="server.time")
        if answer.server_time and answer.server_time.tzinfo:
            self.offset = answer.server_time.tzinfo
        return now

    def _read_schemas(self, answers: dict[str, Answer | PortalError]) -> None:
        for key in [key for key in answers if key.startswith("fields")]:
            answer = answers.pop(key)
            # Without the list of fields the stream still reads: it then asks for everything it knows.
            fields = (
                answer.result.get("fields") if isinstance(answer, Answer) and isinstance(answer.result, dict) else None
            )
            self.schemas[int(key.removeprefix("fields"))] = fields if isinstance(fields, dict) else {}

    def _look(
        self, stream: Stream, window: Window, answers: Mapping[str, Answer | PortalError]
    ) -> Glance | PortalError:
        if refusal := self._find_refusal(stream):
            return refusal
        lists = self._lists(stream, window) if stream.by_keyset else [self._list(stream, window)]
        parts = [
            read_glance(stream, window, listing, answers[name_command(stream.key, place)])
            for place, listing in enumerate(lists)
        ]
        return join_glances(parts, read_id=lambda row: find_id(row.get(stream.id_field)))

    def _finish(self, stream: Stream, rows: list[Raw]) -> list[Raw]:
        rows = [row for row in rows if stream.accepts is None or stream.accepts(row)]
        names = find_custom_names(self.schemas.get(stream.entity_type or 0, {}), self._custom(stream))
        return [take_custom_fields(row, names) for row in rows] if names else rows


def name_command(key: str, place: int) -> str:
    """Name the command that looks at one of a stream's lists."""
    return f"{key}{place}" if place else key


def narrow(listing: Listing, name: str, ids: list[int]) -> Listing:
    """Ask a listing for some ids alone."""
    bounds = {**listing.params.get(listing.filter_name, {}), name: ids}
    return replace(listing, params={**listing.params, listing.filter_name: bounds})
