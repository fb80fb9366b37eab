"""What a service leaves for people: timeline comments, to-dos, notices; none of them knows that it was sent twice."""

from collections.abc import Mapping
from typing import Any

from crmsync.sandbox.calls import Answer, Call
from crmsync.sandbox.errors import RestError
from crmsync.sandbox.instants import format_instant
from crmsync.sandbox.listing import make_answer, read_start
from crmsync.sandbox.paging import read_page
from crmsync.sandbox.params import read_mapping, read_param
from crmsync.sandbox.query import Query, make_conditions, make_order
from crmsync.sandbox.records import Records
from crmsync.sandbox.schema import ITEM_SCHEMAS, Record, Schema, declare

OWNERS = {"lead": "leads", "deal": "deals", "contact": "contacts", "company": "companies"}
COMMENTS = Schema(
    "comments",
    "ID",
    declare(
        integer="ID ENTITY_ID",
        string="ENTITY_TYPE",
        user="AUTHOR_ID",
        datetime="CREATED",
        text="COMMENT",
    ),
)
NOTICES = Schema("notices", "ID", declare(integer="ID", user="USER_ID", string="TAG", text="MESSAGE"))


def keep(call: Call, schema: Schema, record: Record) -> int:
    """Add a record to a collection that only these methods know; return its number."""
    records = call.store.collections.setdefault(schema.name, Records(schema))
    number = records.next_key()
    records.put({**record, "ID": str(number)})
    return number


def read_fields(call: Call, *names: str) -> Mapping[str, Any]:
    """Return the `fields` of a call; this parameter is known in lower case only.

    Raises: RestError for a field that is missing.
    """
    fields = call.params.get("fields")
    for name in names:
        if not isinstance(fields, dict) or not fields.get(name):
            raise RestError(400, "100", f"Could not find value for parameter {{{name}}}")
    return fields if isinstance(fields, dict) else {}


def check_owner(call: Call, collection: str | None, key: Any) -> None:
    """Make sure that a comment or a to-do belongs to something.

    Raises: RestError when it does not.
    """
    if collection is None or not str(key).isdigit() or call.store.get(collection, int(key)) is None:
        raise RestError(400, "OWNER_NOT_FOUND", "Owner was not found")


def add_comment(call: Call) -> Answer:
    """Answer crm.timeline.comment.add with the comment's number."""
    fields = read_fields(call, "ENTITY_ID", "ENTITY_TYPE", "COMMENT")
    check_owner(call, OWNERS.get(str(fields["ENTITY_TYPE"]).lower()), fields["ENTITY_ID"])
    record = {
        "ENTITY_ID": str(fields["ENTITY_ID"]),
        "ENTITY_TYPE": str(fields["ENTITY_TYPE"]).lower(),
        "CREATED": format_instant(call.store.clock(), offset=call.store.offset),
        "COMMENT": fields["COMMENT"],
        "AUTHOR_ID": str(call.credential.user_id),
    }
    return Answer(keep(call, COMMENTS, record), rows=1)


def list_comments(call: Call) -> Answer:
    """Answer crm.timeline.comment.list."""
    offset = call.store.offset
    query = Query(
        make_conditions(read_mapping(call.params, "filter"), schema=COMMENTS, offset=offset),
        make_order(read_mapping(call.params, "order"), schema=COMMENTS),
        tuple(COMMENTS.fields),
        read_start(call),
    )
    page = read_page(call.store.collections.get(COMMENTS.name, Records(COMMENTS)), query, offset=offset)
    return make_answer(call, page, wrap=list, names=COMMENTS.fields)


def add_todo(call: Call) -> Answer:
    """Answer crm.activity.todo.add: an activity that is still to be done."""
    params = call.params
    if not params.get("deadline"):
        raise RestError(400, "100", "Could not find value for parameter {deadline}")
    owners = {str(number): schema.name for number, schema in ITEM_SCHEMAS.items()}
    check_owner(call, owners.get(str(params.get("ownerTypeId"))), params.get("ownerId"))
    record = {
        "TYPE_ID": "6",
        "PROVIDER_ID": "CRM_TODO",
        "PROVIDER_TYPE_ID": "TODO",
        "OWNER_TYPE_ID": str(params["ownerTypeId"]),
        "OWNER_ID": str(params["ownerId"]),
        "SUBJECT": params.get("title", ""),
        "DESCRIPTION": params.get("description", ""),
        "DEADLINE": params["deadline"],
        "RESPONSIBLE_ID": str(params.get("responsibleId") or call.credential.user_id),
    }
    return Answer({"id": call.store.add("activities", record)}, rows=1)


def notify(call: Call) -> Answer:
    """Answer im.notify.personal.add; a notice with a TAG replaces the one that bore it."""
    user, message = read_param(call.params, "USER_ID"), read_param(call.params, "MESSAGE")
    if not user or not message:
        raise RestError(400, "MESSAGE_EMPTY" if user else "USER_ID_EMPTY", "Nobody or nothing to tell")
    record = {"USER_ID": str(user), "TAG": str(read_param(call.params, "TAG") or ""), "MESSAGE": message}
    notices = call.store.collections.setdefault(NOTICES.name, Records(NOTICES))
    for number in list(notices) if record["TAG"] else []:
        if (notices.get(number) or {}).get("TAG") == record["TAG"]:
            notices.remove(number)
    return Answer(keep(call, NOTICES, record), rows=1)
