"""How crm.item.fields describes a field: its type, what may be done with it, what it is called elsewhere."""

from typing import Any

from crmsync.sandbox.naming import upper_name
from crmsync.sandbox.schema import Field, Record

STATUS_TYPES = {"sourceId": "SOURCE", "honorific": "HONORIFIC"}
READ_ONLY = ("id", "createdTime", "updatedTime", "movedTime", "createdBy", "updatedBy", "movedBy", "leadId")
LIST_TYPES = {"contactIds": "crm_contact", "companyIds": "crm_company", "observers": "user"}


def describe_custom(output: str, row: Record) -> dict[str, Any]:
    """Describe a custom field; an enumeration lists its options."""
    described = describe_field(output, row["FIELD_NAME"], Field(row["USER_TYPE_ID"]))
    options = [{"ID": option["ID"], "VALUE": option["VALUE"]} for option in row.get("LIST", [])]
    return {**described, "items": options} if options else described


def describe_field(output: str, stored: str, known: Field) -> dict[str, Any]:
    """Describe one field the way crm.item.fields does."""
    kind = LIST_TYPES.get(stored, "string") if known.kind == "list" else known.kind
    described = {
        "type": kind,
        "isRequired": False,
        "isReadOnly": stored in READ_ONLY,
        "isImmutable": False,
        "isMultiple": known.kind == "list",
        "isDynamic": stored.startswith("UF_"),
        "title": upper_name(output),
        "upperName": upper_name(output),
    }
    return {**described, "statusType": STATUS_TYPES[stored]} if stored in STATUS_TYPES else described
