"""The first look at a window: what one page of each of a stream's lists tells about all that is to be read."""

from collections.abc import Callable, Sequence
from typing import Any

from crmsync.bitrix24.answers import Answer
from crmsync.bitrix24.errors import PortalError, TransientError
from crmsync.bitrix24.keyset import PAGE_SIZE, Listing, unwrap
from crmsync.bitrix24.normalize import MalformedError, read_id
from crmsync.bitrix24.stream import Stream
from crmsync.windows import Glance, Raw, Window

ReadId = Callable[[Raw], int | None]


def find_id(raw: Any) -> int | None:
    """Read an id, or None where it is unreadable: such a record is judged later."""
    try:
        return read_id(raw)
    except MalformedError:
        return None


def read_glance(stream: Stream, window: Window, listing: Listing, answer: Answer | PortalError) -> Glance | PortalError:
    """Read the first page of a list, or the newest one where pages walk by id."""
    if isinstance(answer, PortalError):
        return answer
    try:
        rows = unwrap(listing, answer)
    except TransientError as error:
        return error
    if not stream.by_keyset:
        taken = sum(stream.accepts is None or stream.accepts(row) for row in rows)
        expected = taken if answer.next is None else answer.total or taken
        return Glance(rows, complete=answer.next is None, expected=expected, next_start=answer.next)
    if len(rows) < PAGE_SIZE:
        return Glance(rows[::-1], complete=True, expected=len(rows))
    return estimate_window(rows, window, answer, key=stream.id_field)


def estimate_window(rows: list[Raw], window: Window, answer: Answer, *, key: str) -> Glance:
    """Estimate a window from its newest page: counted where the portal has counted, else by how dense ids are."""
    ids = sorted(filter(None, (find_id(row.get(key)) for row in rows)))
    if not ids:
        return Glance(rows, complete=False)
    if answer.total and answer.total >= len(rows):
        return Glance(rows, complete=False, last=ids[-1], expected=answer.total, counted=True)
    density = len(ids) / (ids[-1] - ids[0] + 1)
    return Glance(rows, complete=False, last=ids[-1], expected=round((ids[-1] - window.after) * density))


def join_glances(glances: Sequence[Glance | PortalError], *, read_id: ReadId) -> Glance | PortalError:
    """Join the first looks at several lists into one; what one of them met, all of them have met."""
    seen: list[Glance] = []
    for glance in glances:
        if isinstance(glance, PortalError):
            return glance
        seen.append(glance)
    if len(seen) == 1:
        return seen[0]
    expected = sum(glance.expected or 0 for glance in seen)
    rows = [row for glance in seen for row in glance.rows]
    ids = [key for row in rows if (key := read_id(row))]
    if all(glance.complete for glance in seen):
        return Glance(sorted(rows, key=lambda row: read_id(row) or 0), complete=True, expected=expected)
    last = max([*ids, *(glance.last or 0 for glance in seen)], default=None)
    return Glance([], complete=False, last=last, expected=expected)
