"""What faults do to a method's answer: lies about pages and totals, other spellings of nothing, broken records."""

import copy
from typing import Any

from crmsync.sandbox.calls import Answer, Call
from crmsync.sandbox.emptiness import respell_nothing
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.faults import SHAPES, Fault
from crmsync.sandbox.instants import format_instant
from crmsync.sandbox.rewriting import misplace_end, redate, translate
from crmsync.sandbox.schema import ITEM_SCHEMAS, SCHEMAS, Record, Schema

ODD_ERRORS: dict[str, tuple[int, str | int, str]] = {
    "int": (400, 200040300010, "Access denied"),
    "zero": (400, 0, "Unknown error"),
    "empty": (400, "", "Not found"),
    "lower": (503, "query_limit_exceeded", "Too many requests"),
    "text": (400, "Invalid parameters.", "Invalid parameters."),
    "numeric": (400, "100", "Could not find value for parameter {id}"),
    "html": (500, "ERROR_CORE", "Something broke<br><script>alert(1)</script>"),
}
MAP_KEYS = ("SETTINGS", "PROVIDER_PARAMS", "EXTRA")
LISTED = {
    "catalog.catalog.list": "catalogs",
    "catalog.product.list": "products",
    "crm.activity.list": "activities",
    "crm.category.list": "categories",
    "crm.currency.list": "currencies",
    "crm.item.productrow.list": "productrows",
    "crm.status.list": "statuses",
    "department.get": "departments",
    "user.get": "users",
}
NOT_A_MOMENT = "31.02.2026 25:61"


def raise_error(faults: list[Fault], call: Call) -> None:
    """Refuse a call when a fault says so.

    Raises: RestError of the kind ordered.
    """
    for fault in faults:
        if fault.kind == "odd_error":
            shapes = list(ODD_ERRORS)
            status, code, text = ODD_ERRORS[fault.options.get("shape") or shapes[(fault.hits - 1) % len(shapes)]]
            raise RestError(status, code, fault.options.get("description", text))
        if fault.kind == "insufficient_scope":
            raise RestError(403, "insufficient_scope", "The request requires higher privileges")
        if fault.kind == "batch_partial":
            code = fault.options.get("code", "INTERNAL_SERVER_ERROR")
            raise RestError(500, code, "Internal server error")


def distort_answer(answer: Answer, faults: list[Fault], call: Call, *, previous: Answer | None) -> Answer:
    """Apply the lies and shapes ordered for a call to a copy of its answer."""
    for fault in faults:
        if fault.kind == "repeat_page" and previous is not None:
            answer = previous
        elif fault.kind == "total_lies":
            total = int(fault.options.get("total", (answer.total or 0) + 17))
            answer = Answer(answer.result, total, answer.next, answer.rows)
        elif fault.kind in SHAPES:
            answer = Answer(copy.deepcopy(answer.result), answer.total, answer.next, answer.rows)
            bend_records(find_records(answer.result), fault, schema=find_schema(call))
    return answer


def distort_batch(result: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """Write the empty maps of a batch as objects, which some portals do."""
    return {section: found or {} for section, found in result.items()} if faults else result


def find_schema(call: Call) -> Schema | None:
    """Return the schema of the records a call lists, None when they have none worth bending."""
    if call.method == "crm.item.list":
        return ITEM_SCHEMAS.get(int(call.params.get("entityTypeId", 0)))
    if call.method == "crm.stagehistory.list":
        return SCHEMAS["stagehistory_leads" if str(call.params.get("entityTypeId")) == "1" else "stagehistory_deals"]
    return SCHEMAS.get(LISTED.get(call.method, ""))


def find_records(result: Any) -> list[Record]:
    """Return the rows of a list result, whatever it is wrapped in."""
    if isinstance(result, dict):
        result = next((value for value in result.values() if isinstance(value, list)), [])
    return [row for row in result if isinstance(row, dict)] if isinstance(result, list) else []


def bend_records(records: list[Record], fault: Fault, *, schema: Schema | None) -> None:
    """Rewrite records in place the way one fault asks."""
    if fault.kind == "empty_map":
        for record in records:
            record.update({key: {} for key in MAP_KEYS if record.get(key) == []})
    elif fault.kind == "malformed":
        break_records(records, fault, schema=schema)
    elif schema is not None:
        for row, record in enumerate(records):
            bend_record(record, fault, schema=schema, turn=row)


def bend_record(record: Record, fault: Fault, *, schema: Schema, turn: int) -> None:
    """Rewrite the values of one record in place."""
    match fault.kind:
        case "empty_values":
            respell_nothing(record, schema=schema, turn=turn)
        case "date_shape":
            redate(record, schema=schema, shape=str(fault.options.get("shape", "midnight")))
        case "dialect":
            translate(record, schema=schema, dialect=str(fault.options.get("of", "classic")))
        case "wrong_end":
            misplace_end(record, hours=float(fault.options.get("hours", 6)))


def break_records(records: list[Record], fault: Fault, *, schema: Schema | None) -> None:
    """Put wrong values into the records chosen by `ids`, or into the first one of the page."""
    moment = (schema.created if schema else "") or "ID"
    fields = fault.options.get("fields") or {moment: NOT_A_MOMENT}
    wanted = fault.options.get("ids")
    for row, record in enumerate(records):
        key = record.get("id", record.get("ID"))
        if (row == 0) if wanted is None else (key in wanted or str(key) in map(str, wanted)):
            record.update(fields)


def distort_time(block: dict[str, Any], faults: list[Fault], *, offset: int) -> dict[str, Any]:
    """Let a time block lose its operating keys or write the reset as text."""
    for fault in faults:
        if fault.kind == "operating_shape":
            shape = fault.options.get("shape") or ("missing", "iso")[fault.hits % 2]
            rest = {key: value for key, value in block.items() if not key.startswith("operating")}
            if shape == "missing":
                return rest
            return {**block, "operating_reset_at": format_instant(block["operating_reset_at"], offset=offset)}
    return block
