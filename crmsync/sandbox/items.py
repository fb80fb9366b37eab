"""The universal dialect: crm.item.list, get, fields and product rows, in camelCase and refusing unknown fields."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from crmsync.sandbox.calls import Answer, Call
from crmsync.sandbox.describing import describe_custom, describe_field
from crmsync.sandbox.errors import RestError, invalid_argument
from crmsync.sandbox.instants import format_instant, parse_instant
from crmsync.sandbox.listing import ALL, list_classic, make_answer, read_query, read_rights, read_start
from crmsync.sandbox.params import read_mapping, read_names, read_param
from crmsync.sandbox.query import Condition, Query, make_conditions, make_order, split_operator
from crmsync.sandbox.records import Row
from crmsync.sandbox.schema import ITEM_SCHEMAS, SCHEMAS, Schema

SHIFTED = ("createdTime", "updatedTime")


def find_schema(call: Call) -> Schema:
    """Return the entity's schema.

    Raises: RestError for an entity type this portal does not have.
    """
    value = read_param(call.params, "entityTypeId")
    try:
        return ITEM_SCHEMAS[int(value)]
    except (KeyError, TypeError, ValueError):
        raise RestError(400, "NOT_FOUND", f"Entity type {value!r} was not found") from None


def map_fields(call: Call, schema: Schema) -> Mapping[str, str]:
    """Map every name a caller may use to the name its values are stored under."""
    original = str(read_param(call.params, "useOriginalUfNames", "N")).upper() == "Y"
    named = call.store.name_custom(schema.name)
    return name_fields(schema.name, tuple((raw if original else name, raw) for raw, name in named.items()))


@lru_cache(maxsize=100)
def name_fields(collection: str, custom: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Map output names to stored ones, for the pairs of custom fields given."""
    return {**{name: name for name in SCHEMAS[collection].fields}, **dict(custom)}


def select_fields(call: Call, schema: Schema) -> Mapping[str, str]:
    """Map the output names of the fields a caller selected to the stored ones; unknown names bring nothing."""
    known = map_fields(call, schema)
    wanted = read_names(call.params, "select") or [ALL]
    if ALL in wanted:
        return known
    return {name: known[name] for name in wanted if name in known}


def list_items(call: Call) -> Answer:
    """Answer crm.item.list."""
    schema = find_schema(call)
    known, chosen = map_fields(call, schema), select_fields(call, schema)
    entries = rename_entries(read_mapping(call.params, "filter"), known)
    order = {known.get(name, name): way for name, way in read_mapping(call.params, "order").items()}
    conditions = make_conditions(entries, schema=schema, offset=call.store.offset, strict=True)
    query = Query(
        tuple(shift_condition(condition, seconds=call.user_tz_shift) for condition in conditions),
        make_order(order, schema=schema, strict=True),
        tuple(chosen.values()),
        read_start(call),
    )
    page = read_query(call, query, collection=schema.name)
    if call.user_tz_shift:
        page.rows = [shift_row(row, query.names, call=call) for row in page.rows]
    return make_answer(call, page, wrap=lambda rows: {"items": rows}, names=chosen)


def rename_entries(entries: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """Rewrite filter keys to stored names.

    Raises: RestError for a field that is not the entity's.
    """
    renamed = {}
    for key, value in entries.items():
        _, name = split_operator(key)
        if name not in known:
            raise invalid_argument(f"Invalid filter: field '{name}' is not allowed in filter")
        renamed[key[: len(key) - len(name)] + known[name]] = value
    return renamed


def shift_condition(condition: Condition, *, seconds: int) -> Condition:
    """Move a condition on a shifted stamp back to the stored one."""
    if not seconds or condition.name not in SHIFTED:
        return condition
    operands = tuple(None if at is None else at - seconds for at in condition.operands)
    return Condition(condition.name, condition.kind, condition.operator, operands, condition.offset)


def shift_row(row: Row, names: tuple[str, ...], *, call: Call) -> Row:
    """Print created and updated stamps shifted by the calling user's zone, the offset label unchanged."""

    def shift(name: str, value: Any) -> Any:
        at = parse_instant(value, offset=call.store.offset) if name in SHIFTED else None
        return value if at is None else format_instant(at + call.user_tz_shift, offset=call.store.offset)

    return tuple(shift(name, value) for name, value in zip(names, row, strict=True))


def get_item(call: Call) -> Answer:
    """Answer crm.item.get with every field."""
    schema = find_schema(call)
    known = map_fields(call, schema)
    records = call.store.collections[schema.name]
    try:
        key = int(read_param(call.params, "id"))
    except (TypeError, ValueError):
        raise RestError(400, "NOT_FOUND", "Element not found") from None
    record = records.get(key)
    if record is None:
        raise RestError(400, "NOT_FOUND", "Element not found")
    if not all(right.accepts(record.get(right.name)) for right in read_rights(call, schema)):
        raise RestError(400, "ACCESS_DENIED", "Access denied")
    names = tuple(known.values())
    row = tuple(record.get(name) for name in names)
    if call.user_tz_shift:
        row = shift_row(row, names, call=call)
    return Answer({"item": dict(zip(known, row, strict=True))}, rows=1)


def describe_items(call: Call) -> Answer:
    """Answer crm.item.fields."""
    schema = find_schema(call)
    custom = {row["FIELD_NAME"]: row for row in call.store.custom_rows(schema.name)}
    described = {
        output: describe_custom(output, custom[stored])
        if stored in custom
        else describe_field(output, stored, schema.fields[stored])
        for output, stored in map_fields(call, schema).items()
        if stored != "entityTypeId"
    }
    return Answer({"fields": described}, rows=1)


def list_product_rows(call: Call) -> Answer:
    """Answer crm.item.productrow.list, which insists on the owner."""
    entries = read_mapping(call.params, "filter")
    for name in ("ownerType", "ownerId"):
        if not any(split_operator(key) == ("=", name) for key in entries):
            raise RestError(400, "INVALID_ARG_VALUE", f"Required filter field is missing: ={name}")
    return list_classic(call, "productrows", entries=entries, wrap=lambda rows: {"productRows": rows})
