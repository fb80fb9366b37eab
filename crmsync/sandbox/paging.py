"""Reads one page of a collection: by key when nothing else is asked, counted or not, in the order asked."""

from dataclasses import dataclass

from crmsync.sandbox.query import UNCOUNTED, Query
from crmsync.sandbox.records import Records, Row


@dataclass
class Page:
    """The rows of one page, how many records match in all, and where the next page starts."""

    rows: list[Row]
    total: int | None
    next: int | None


def read_page(records: Records, query: Query, *, offset: int) -> Page:
    """Read the page a query asks for.

    Empty: total and next are None when counting is off; next is None on the last page.
    """
    key = records.schema.key
    order = query.order or ((key, False),)
    if query.start <= UNCOUNTED and order[0][0] == key:
        keys = records.find(query.conditions, limit=query.size, descending=order[0][1])
        return Page(records.rows(keys, query.names), None, None)
    found = records.find(query.conditions, descending=order[0] == (key, True))
    if order[0][0] != key:
        found = records.sort(found, order, offset=offset)
    start = max(query.start, 0)
    page = found[start : start + query.size]
    rows = records.rows(page, query.names)
    if query.start <= UNCOUNTED:
        return Page(rows, None, None)
    more = start + query.size < len(found)
    return Page(rows, len(found), start + query.size if more else None)
