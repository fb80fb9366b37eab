"""Keyset listing: pages asked for by "id greater than the last one seen", and what makes a page believable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crmsync.bitrix24.answers import Answer, parse_integer
from crmsync.bitrix24.batch import Command
from crmsync.bitrix24.errors import StalledError, TransientError

PAGE_SIZE = 50  # fixed by the portal
NO_COUNT = -1  # as `start`: without counting the whole collection for every page

Row = dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """A collection as one method lists it: what to ask for, and where its rows and their key are.

    `items` names the key under `result` that holds the rows. `filter_name` is "FILTER" for user.get,
    whose sorting is flat too: `sort=ID&order=ASC` instead of `order[ID]=ASC`.
    """

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str = "ID"
    items: str | None = None
    filter_name: str = "filter"
    flat_sort: bool = False

    def command(self, *, after: int | str, descending: bool = False, start: int = NO_COUNT) -> Command:
        """Ask for one page of the rows whose key is greater than `after`; uncounted unless `start` is 0."""
        bounds = {**self.params.get(self.filter_name, {}), f">{self.key}": after}
        direction = "DESC" if descending else "ASC"
        order = {"sort": self.key, "order": direction} if self.flat_sort else {"order": {self.key: direction}}
        return self.method, {**self.params, self.filter_name: bounds, **order, "start": start}

    def chain(self, *, after: int, pages: int) -> dict[str, Command]:
        """Ask for several pages in one batch, each beginning where the one before it ends."""
        path = f"[{self.items}]" if self.items else ""
        last = f"{path}[{PAGE_SIZE - 1}][{self.key}]"
        starts: list[int | str] = [after, *(f"$result[p{index}]{last}" for index in range(pages - 1))]
        return {f"p{index}": self.command(after=start) for index, start in enumerate(starts)}


def newest(listing: Listing, *, after: int = 0, counted: bool = False) -> Command:
    """Ask for the last page of the window, greatest key first.

    Counting costs the portal a look at every row of the window: cheap for what changed since
    yesterday, most of a minute for a whole big collection.
    Empty: no row means nothing new; fewer than 50 are the whole window.
    """
    return listing.command(after=after, descending=True, start=0 if counted else NO_COUNT)


@dataclass(frozen=True)
class Page:
    """One page that has passed the checks: rows in order, each key once.

    `cursor` is the greatest key so far; `is_last` when the portal has no more rows; `is_linked` when
    the command chained to this page began where the page really ends.
    """

    rows: list[Row]
    cursor: int
    is_last: bool
    is_linked: bool


def unwrap(listing: Listing, answer: Answer) -> list[Row]:
    """Take the rows out of an answer.

    Empty: [], which is also how PHP writes an empty map; a record that is no map becomes one under "row".
    Raises: TransientError when there is nothing that could be a list of rows.
    """
    rows = answer.result
    if listing.items and isinstance(rows, dict):
        rows = rows.get(listing.items, None if rows else [])
    if isinstance(rows, dict) and all(key.isdecimal() for key in rows):
        rows = list(rows.values())
    if not isinstance(rows, list):
        raise TransientError("UNEXPECTED_ANSWER", method=listing.method)
    return [row if isinstance(row, dict) else {"row": row} for row in rows]


def read_page(listing: Listing, answer: Answer, *, after: int) -> Page:
    """Check a page against what was asked for.

    A row without a readable key is passed on, as long as the other rows move the cursor.
    Raises: StalledError when a row breaks `>key`, when keys do not grow, or when a full page has none.
    """
    found = unwrap(listing, answer)
    rows, cursor = [], after
    for row in found:
        key = parse_integer(row.get(listing.key))
        if key is None or key > cursor:
            rows.append(row)
            cursor = cursor if key is None else key
        elif key < cursor or cursor == after:
            raise StalledError("CURSOR_STALLED", method=listing.method)
    is_last = len(found) < PAGE_SIZE
    if cursor == after and not is_last:
        raise StalledError("CURSOR_STALLED", method=listing.method)
    is_linked = len(found) == PAGE_SIZE and parse_integer(found[-1].get(listing.key)) == cursor
    return Page(rows, cursor, is_last, is_linked)
