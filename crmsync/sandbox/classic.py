"""The classic methods: people, dictionaries, stage history, activities, in UPPER_SNAKE and forgiving."""

from typing import Any

from crmsync.sandbox.bindings import list_bound
from crmsync.sandbox.calls import Answer, Call
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.listing import list_classic, list_whole, page_whole
from crmsync.sandbox.params import read_mapping, read_param
from crmsync.sandbox.query import split_operator

DEPARTMENT_FILTERS = ("ID", "NAME", "SORT", "PARENT", "UF_HEAD")
HISTORIES = {1: "stagehistory_leads", 2: "stagehistory_deals"}


def top_level_order(call: Call) -> tuple[tuple[str, bool], ...]:
    """Read the sort and order parameters of user.get and department.get."""
    name = str(read_param(call.params, "sort") or "ID")
    return ((name, str(read_param(call.params, "order") or "").upper() == "DESC"),)


def list_users(call: Call) -> Answer:
    """Answer user.get; a filter it cannot read gives no rows and no error."""
    entries = dict(read_mapping(call.params, "filter"))
    if "ID" in call.params:
        entries["ID"] = call.params["ID"]
    order = top_level_order(call)
    try:
        rows = list_whole(call, "users", entries=entries, order=order, strict=True)
    except RestError:
        rows = []
    return page_whole(call, rows)


def show_current_user(call: Call) -> Answer:
    """Answer user.current."""
    return Answer(call.store.get("users", call.credential.user_id) or [], rows=1)


def list_departments(call: Call) -> Answer:
    """Answer department.get, whose filters stand at the top level."""
    entries = {name: call.params[name] for name in DEPARTMENT_FILTERS if name in call.params}
    return page_whole(call, list_whole(call, "departments", entries=entries, order=top_level_order(call)))


def list_statuses(call: Call) -> Answer:
    """Answer crm.status.list: no paging, no select, scalar filters only."""
    entries = read_mapping(call.params, "filter")
    for key, value in entries.items():
        if not isinstance(value, str | int | bool | None):
            raise RestError(400, "", f"Filter by {split_operator(key)[1]} must be a string")
    order = read_mapping(call.params, "order") or {"SORT": "ASC"}
    pairs = tuple((name, str(way).upper() == "DESC") for name, way in order.items())
    rows = list_whole(call, "statuses", entries=entries, order=pairs)
    return Answer(rows, len(rows), rows=len(rows))


def list_categories(call: Call) -> Answer:
    """Answer crm.category.list; only deals have pipelines here."""
    if str(read_param(call.params, "entityTypeId")) != "2":
        raise RestError(400, "ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported")
    rows = list_whole(call, "categories", entries={}, order=(("sort", False),))
    return Answer({"categories": rows}, len(rows), rows=len(rows))


def list_currencies(call: Call) -> Answer:
    """Answer crm.currency.list, whose total is always 0."""
    rows = list_whole(call, "currencies", entries={}, order=(("SORT", False),))
    return Answer(rows, 0, rows=len(rows))


def show_base_currency(call: Call) -> Answer:
    """Answer crm.currency.base.get."""
    return Answer(call.store.base_currency)


def list_stage_history(call: Call) -> Answer:
    """Answer crm.stagehistory.list for leads and deals."""
    collection = HISTORIES.get(_int(read_param(call.params, "entityTypeId")))
    if collection is None:
        raise RestError(400, 0, "Invalid entityTypeId")
    return list_classic(call, collection, wrap=lambda rows: {"items": rows})


def list_activities(call: Call) -> Answer:
    """Answer crm.activity.list, sorted by START_TIME unless told otherwise."""
    order = (("START_TIME", False),)
    if "BINDINGS" in read_mapping(call.params, "filter"):
        return list_bound(call, default_order=order)
    return list_classic(call, "activities", default_order=order)


def list_deal_fields(call: Call) -> Answer:
    """Answer crm.deal.userfield.list."""
    rows = call.store.custom_rows("deals")
    return Answer(rows, len(rows), rows=len(rows))


def _int(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
