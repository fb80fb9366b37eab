"""Updates over REST, as forgiving as the portal's: what they do not understand they pass over and call a success."""

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.calls import Answer, Call, Handler
from crmsync.sandbox.comparing import NUMBERS, comparable
from crmsync.sandbox.describing import READ_ONLY
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.items import find_schema, get_item, map_fields
from crmsync.sandbox.multifields import list_items, merge_multifields, read_classic, spread_multifields
from crmsync.sandbox.naming import upper_name
from crmsync.sandbox.params import read_mapping, read_param
from crmsync.sandbox.schema import SCHEMAS, Record

FIXED = frozenset({*READ_ONLY, "stageSemanticId", "closed", "entityTypeId", "fm"})
CLASSIC_ONLY = {"STATUS_ID": "stageId"}


def update_classic(collection: str) -> Handler:
    """Make the handler of crm.deal.update or one of its sisters, which answers true whatever became of it."""

    def update(call: Call) -> Answer:
        given = read_mapping(call.params, "fields")
        record = find_record(call, collection)
        known = {upper_name(name): name for name in SCHEMAS[collection].fields}
        known |= {name: name for name in call.store.custom_names(collection)}
        # A deal cannot change its pipeline through this method.
        known = {name: stored for name, stored in (known | CLASSIC_ONLY).items() if stored != "categoryId"}
        write(call, collection, record, rename(given, known), multifields=read_classic(given))
        return Answer(True, rows=1)

    return update


def update_item(call: Call) -> Answer:
    """Answer crm.item.update with the item as it is afterwards."""
    schema = find_schema(call)
    given = read_mapping(call.params, "fields")
    record = find_record(call, schema.name)
    write(call, schema.name, record, rename(given, map_fields(call, schema)), multifields=list_items(given.get("fm")))
    return get_item(call)


def find_record(call: Call, collection: str) -> Record:
    """Return the record a write is for.

    Raises: RestError when there is none.
    """
    try:
        return call.store.record(collection, int(read_param(call.params, "id")))
    except (KeyError, TypeError, ValueError):
        raise RestError(400, "", "Not found") from None


def rename(given: Mapping[str, Any], known: Mapping[str, str]) -> Record:
    """Keep the fields that exist and may be written, under the names they are stored by."""
    return {known[name]: value for name, value in given.items() if name in known and known[name] not in FIXED}


def write(call: Call, collection: str, record: Record, changes: Record, *, multifields: Any) -> None:
    """Write what may be written of a change; nothing happens, stamps included, where nothing differs."""
    schema = SCHEMAS[collection]
    changes = {name: read_value(value, kind=schema.kind_of(name) or "string") for name, value in changes.items()}
    if not fits_pipeline(call, collection, record, changes):
        changes.pop("stageId")
    if multifields and "fm" in schema.fields:
        key = schema.key_of(record)
        changes |= spread_multifields(merge_multifields(record["fm"] or [], multifields, key=key))
    if changes:
        call.store.update(collection, schema.key_of(record), by=call.credential.user_id, **changes)


def read_value(value: Any, *, kind: str) -> Any:
    """Read a number that came as text; everything else is stored as it came."""
    return comparable(value, kind=kind, offset=0) if kind in NUMBERS and isinstance(value, str) else value


def fits_pipeline(call: Call, collection: str, record: Mapping[str, Any], changes: Mapping[str, Any]) -> bool:
    """Tell whether the stage that a write names, if any, belongs to the record's pipeline."""
    if "stageId" not in changes:
        return True
    category = changes.get("categoryId", record.get("categoryId")) or 0
    entity = "STATUS" if collection == "leads" else f"DEAL_STAGE_{category}" if category else "DEAL_STAGE"
    statuses = call.store.collections["statuses"]
    stages = statuses.rows(statuses, ("ENTITY_ID", "STATUS_ID"))
    return (entity, changes["stageId"]) in stages
