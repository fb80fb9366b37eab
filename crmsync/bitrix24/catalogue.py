"""The portal's catalogues: products and their variations lie in several, and each list names the one it is of.

Their products are numbered together, so that the lists, read side by side, are one stream in order of its ids.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from operator import itemgetter

from crmsync.bitrix24.answers import Answer, parse_integer
from crmsync.bitrix24.batch import Command
from crmsync.bitrix24.errors import PortalError
from crmsync.bitrix24.keyset import Listing, unwrap
from crmsync.windows import Raw

METHOD = "catalog.catalog.list"
ROWS_A_PAGE = 1000
ReadId = Callable[[Raw], int | None]


def ask_catalogues() -> Command:
    """Ask for all catalogues; a portal has a handful."""
    return METHOD, {}


def read_catalogues(answer: Answer | PortalError) -> list[int] | PortalError:
    """Read the catalogues' ids. *Empty*: the portal keeps no catalogue."""
    if isinstance(answer, PortalError):
        return answer
    try:
        rows = unwrap(Listing(METHOD, items="catalogs"), answer)
    except PortalError as error:
        return error
    ids = {parse_integer(row.get("iblockId")) for row in rows}
    return sorted(found for found in ids if found)


def list_within(listing: Listing, catalogues: Iterable[int]) -> list[Listing]:
    """Ask for the records of each catalogue by itself."""
    bounds = listing.params.get(listing.filter_name, {})
    return [
        replace(listing, params={**listing.params, listing.filter_name: {**bounds, "iblockId": catalogue}})
        for catalogue in catalogues
    ]


def merge_walks(walks: Sequence[Iterator[list[Raw]]], *, read_id: ReadId) -> Iterator[list[Raw]]:
    """Merge walks that each go in order of their ids into one that does; a single walk passes as it is."""
    if len(walks) == 1:
        yield from walks[0]
        return
    rows = heapq.merge(*(number_rows(walk, read_id=read_id) for walk in walks), key=itemgetter(0))
    merged = (row for _, row in rows)
    while page := list(islice(merged, ROWS_A_PAGE)):
        yield page


def number_rows(walk: Iterable[list[Raw]], *, read_id: ReadId) -> Iterator[tuple[int, Raw]]:
    """Give each row its id; one without a readable id keeps its place behind the row before it."""
    last = 0
    for page in walk:
        for row in page:
            last = read_id(row) or last
            yield last, row
