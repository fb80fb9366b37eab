"""The common way of every list method: parameters become a query, a page becomes an answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from crmsync.sandbox.calls import Answer, Call
from crmsync.sandbox.paging import Page, read_page
from crmsync.sandbox.params import read_mapping, read_names, read_param
from crmsync.sandbox.query import PAGE_SIZE, UNCOUNTED, Condition, Query, make_conditions, make_order
from crmsync.sandbox.schema import SCHEMAS, Record, Schema

ALL = "*"


def read_start(call: Call) -> int:
    """Return the `start` parameter; what is no number is the first page."""
    try:
        return int(read_param(call.params, "start", 0))
    except (TypeError, ValueError):
        return 0


def choose_names(call: Call, schema: Schema) -> list[str]:
    """Return the fields a classic list shows: those selected, or all but the ones that must be named."""
    wanted = read_names(call.params, "select")
    if wanted and ALL not in wanted:
        return [name for name in wanted if name in schema.fields]
    plain = [name for name, known in schema.fields.items() if not known.named_only]
    return plain + [name for name in wanted if name in schema.fields and name not in plain]


def bend_conditions(call: Call, conditions: Sequence[Condition], *, key: str) -> tuple[Condition, ...]:
    """Drop the conditions that a fault makes the portal ignore."""
    if "ignore_filter" in call.quirks:
        return tuple(c for c in conditions if c.name == key)
    if "ignore_cursor" in call.quirks:
        return tuple(c for c in conditions if c.name != key)
    return tuple(conditions)


def read_rights(call: Call, schema: Schema) -> tuple[Condition, ...]:
    """Return what the calling user may read of a collection; what he may not is missing without a word."""
    entries = call.store.rights.get((call.credential.user_id, schema.name), {})
    return make_conditions(entries, schema=schema, offset=call.store.offset)


def read_query(call: Call, query: Query, *, collection: str) -> Page:
    """Read a page of a collection as the call, faults included, asks for it, and as its user may see it."""
    records = call.store.collections[collection]
    conditions = bend_conditions(call, query.conditions, key=records.schema.key)
    bent = Query((*conditions, *read_rights(call, records.schema)), query.order, query.names, query.start, query.size)
    return read_page(records, bent, offset=call.store.offset)


def make_answer(call: Call, page: Page, *, wrap: Callable[[list[Record]], Any], names: Iterable[str]) -> Answer:
    """Turn a page into an answer; without counting the total is absent or zero, as the portal is set."""
    outputs = tuple(names)
    rows = [dict(zip(outputs, row, strict=True)) for row in page.rows]
    total = 0 if page.total is None and call.uncounted_total == "zero" else page.total
    return Answer(wrap(rows), total, page.next, len(rows))


def list_classic(
    call: Call,
    collection: str,
    *,
    entries: Mapping[str, Any] | None = None,
    default_order: tuple[tuple[str, bool], ...] = (),
    wrap: Callable[[list[Record]], Any] = list,
) -> Answer:
    """Answer a classic list: unknown filter and order fields are ignored without a word."""
    schema = SCHEMAS[collection]
    filters = read_mapping(call.params, "filter") if entries is None else entries
    names = choose_names(call, schema)
    query = Query(
        make_conditions(filters, schema=schema, offset=call.store.offset),
        make_order(read_mapping(call.params, "order"), schema=schema) or default_order,
        tuple(names),
        read_start(call),
    )
    return make_answer(call, read_query(call, query, collection=collection), wrap=wrap, names=names)


def list_whole(
    call: Call,
    collection: str,
    *,
    entries: Mapping[str, Any],
    order: tuple[tuple[str, bool], ...] = (),
    strict: bool = False,
) -> list[Record]:
    """Return whole records of a small collection, every key they have; for lists without select."""
    records = call.store.collections[collection]
    conditions = make_conditions(entries, schema=records.schema, offset=call.store.offset, strict=strict)
    conditions += read_rights(call, records.schema)
    keys = records.sort(records.find(conditions), order, offset=call.store.offset)
    found = (records.get(key) for key in keys)
    return [record for record in found if record is not None]


def page_whole(call: Call, rows: list[Record]) -> Answer:
    """Answer one page of whole records."""
    start = read_start(call)
    first = max(start, 0)
    shown = rows[first : first + PAGE_SIZE]
    if start <= UNCOUNTED:
        return Answer(shown, 0 if call.uncounted_total == "zero" else None, None, len(shown))
    more = first + PAGE_SIZE < len(rows)
    return Answer(shown, len(rows), first + PAGE_SIZE if more else None, len(shown))
