"""The BINDINGS filter of crm.activity.list: an activity bound to several of the wanted records comes several times."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmsync.sandbox.calls import Answer, Call
from crmsync.sandbox.listing import choose_names, make_answer, read_rights, read_start
from crmsync.sandbox.paging import Page
from crmsync.sandbox.params import read_mapping
from crmsync.sandbox.query import PAGE_SIZE, UNCOUNTED, make_conditions, make_order
from crmsync.sandbox.schema import ACTIVITIES

Bond = tuple[str, str]


def read_bonds(given: Any) -> set[Bond]:
    """Read owners written as [{"OWNER_TYPE_ID": 2, "OWNER_ID": 410}], or as a map of such."""
    listed = given.values() if isinstance(given, dict) and "OWNER_ID" not in given else given
    owners = [listed] if isinstance(listed, dict) else listed or ()
    return {(str(o.get("OWNER_TYPE_ID")), str(o.get("OWNER_ID"))) for o in owners if isinstance(o, Mapping)}


def list_bound(call: Call, *, default_order: Sequence[tuple[str, bool]]) -> Answer:
    """Answer crm.activity.list filtered by BINDINGS; one row for each binding that was asked for."""
    entries = dict(read_mapping(call.params, "filter"))
    wanted = read_bonds(entries.pop("BINDINGS"))
    records, names = call.store.collections["activities"], choose_names(call, ACTIVITIES)
    conditions = make_conditions(entries, schema=ACTIVITIES, offset=call.store.offset)
    found = records.find((*conditions, *read_rights(call, ACTIVITIES)))
    order = make_order(read_mapping(call.params, "order"), schema=ACTIVITIES) or tuple(default_order)
    keys = records.sort(found, order, offset=call.store.offset)
    bound = [key for key in keys for _ in list_bonds(call, key) & wanted]
    start = read_start(call)
    first = max(start, 0)
    rows = records.rows(bound[first : first + PAGE_SIZE], names)
    if start <= UNCOUNTED:
        return make_answer(call, Page(rows, None, None), wrap=list, names=names)
    more = first + PAGE_SIZE < len(bound)
    return make_answer(call, Page(rows, len(bound), first + PAGE_SIZE if more else None), wrap=list, names=names)


def list_bonds(call: Call, key: Any) -> set[Bond]:
    """Return everything an activity is bound to: its owner, and what its BINDINGS name."""
    record = call.store.record("activities", key)
    return read_bonds([{"OWNER_TYPE_ID": record["OWNER_TYPE_ID"], "OWNER_ID": record["OWNER_ID"]}]) | read_bonds(
        record.get("BINDINGS")
    )
