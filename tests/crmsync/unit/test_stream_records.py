"""Records in the shapes that the documentation shows, as their JSON comes over the wire, read into columns."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crmsync.bitrix24.normalize import MalformedError
from tests.crmsync.unit.raws import read_one

WIRE: dict[str, str] = {
    "departments": '{"ID": "15", "NAME": "R&amp;D", "PARENT": "1", "SORT": 500, "UF_HEAD": "12"}',
    "people": """{"ID": "3", "ACTIVE": false, "NAME": "Иван", "LAST_NAME": "Котов", "SECOND_NAME": "",
        "EMAIL": "k@r.example", "UF_DEPARTMENT": [1, 15], "TIMESTAMP_X": {}, "LAST_ACTIVITY_DATE": {}}""",
    "pipelines": '{"id": 0, "name": "Общая", "sort": 300, "entityTypeId": 2, "isDefault": "Y"}',
    "stages": """{"ID": "101", "ENTITY_ID": "DEAL_STAGE_10", "STATUS_ID": "C10:PREPAYMENT_INVOIC", "NAME": "Аванс",
        "SORT": "30", "SEMANTICS": null, "CATEGORY_ID": "10", "EXTRA": {"SEMANTICS": "process", "COLOR": "#55D0E0"}}""",
    "sources": '{"ID": "7", "ENTITY_ID": "SOURCE", "STATUS_ID": "5|WHATSAPP", "NAME": "WhatsApp", "SORT": "90"}',
    "currencies": """{"CURRENCY": "BYN", "AMOUNT_CNT": "1", "AMOUNT": "32.2000", "BASE": "N",
        "FULL_NAME": "Белорусский рубль", "DATE_UPDATE": "2026-03-21T15:19:50+02:00", "THOUSANDS_SEP": "&nbsp;"}""",
    "companies": """{"id": 2919, "title": "Перекрёсток", "isMyCompany": "Y", "assignedById": 811, "emailWork": null,
        "phoneWork": "+79990000001"}""",
    "contacts": """{"id": 43, "name": "Иван", "lastName": null, "companyId": 0, "phoneWork": null,
        "fm": [{"id": 102, "typeId": "EMAIL", "valueType": "WORK", "value": "i@r.example"}]}""",
    "leads": """{"id": 250, "stageId": "CONVERTED", "stageSemanticId": "S", "assignedById": 1, "companyId": 0,
        "updatedTime": "", "contactId": 0, "contactIds": [], "utmSource": null, "utmCampaign": "spring",
        "createdTime": "2026-07-22T18:00:08+02:00", "movedTime": "2026-07-22T17:00:08+02:00"}""",
    "deals": """{"id": 351, "categoryId": 9, "stageId": "C9:WON", "stageSemanticId": "S", "opportunity": 999.9,
        "currencyId": "usd", "closedate": "2026-07-31T02:00:00+02:00", "leadId": null, "isRecurring": "Y",
        "contactId": 55, "contactIds": [55, 56], "title": "Сделка #351", "movedTime": null}""",
    "lead_history": '{"ID": 35, "TYPE_ID": 3, "OWNER_ID": 21, "STATUS_ID": "JUNK", "STATUS_SEMANTIC_ID": "F"}',
    "deal_history": """{"ID": 36, "TYPE_ID": 4, "OWNER_ID": 21, "CATEGORY_ID": 1, "STAGE_ID": "C1:WON",
        "STAGE_SEMANTIC_ID": "S"}""",
    "product_rows": """{"id": 17649, "ownerId": 13142, "ownerType": "D", "productId": 9621, "productName": "Насос",
        "quantity": 3, "price": 90000.5, "taxRate": null}""",
    "products": """{"id": 9621, "iblockId": 14, "name": "Насос &quot;М&quot;", "purchasingPrice": 63000.25,
        "purchasingCurrency": "rub"}""",
    "activities": """{"ID": "20", "TYPE_ID": "2", "PROVIDER_ID": "VOXIMPLANT_CALL", "PROVIDER_TYPE_ID": "CALL",
        "DIRECTION": "2", "COMPLETED": "Y", "OWNER_ID": "15", "OWNER_TYPE_ID": "3", "RESPONSIBLE_ID": "505",
        "START_TIME": "2026-09-27T13:25:00+03:00", "DEADLINE": "9999-12-31T00:00:00+03:00"}""",
}
COLUMNS: dict[str, dict[str, Any]] = {
    "departments": {"external_id": 15, "name": "R&D", "parent_external_id": 1, "head_external_id": 12},
    "people": {"external_id": 3, "is_active": False, "first_name": "Иван", "middle_name": "", "is_stub": False}
    | {"last_name": "Котов", "department_external_ids": [1, 15], "email": "k@r.example", "position": ""},
    "pipelines": {"external_id": 0, "name": "Общая", "position": 300},
    "stages": {"entity": 2, "external_id": "C10:PREPAYMENT_INVOIC", "pipeline_external_id": 10, "position": 30}
    | {"semantics": "P", "name": "Аванс"},
    "sources": {"external_id": "5|WHATSAPP", "name": "WhatsApp"},
    "currencies": {"external_id": "BYN", "rate": Decimal("32.2"), "is_base": False, "rated_on": date(2026, 3, 21)},
    "companies": {"external_id": 2919, "is_own": True, "responsible": 811, "phone": "+79990000001", "email": ""},
    "contacts": {
        "first_name": "Иван",
        "last_name": "",
        "company_external_id": None,
        "email": "i@r.example",
        "phone": "",
    },
    "leads": {"stage_external_id": "CONVERTED", "semantics": "S", "responsible": 1, "contact_external_id": None}
    | {"company_external_id": None, "utm_source": "", "utm_campaign": "spring", "modified_at": None}
    | {"moved_at": datetime(2026, 7, 22, 15, 0, 8, tzinfo=UTC)},
    "deals": {"pipeline_external_id": 9, "stage_external_id": "C9:WON", "amount": Decimal("999.9"), "currency": "USD"}
    | {"planned_close_on": date(2026, 7, 31), "is_recurring": True, "lead_external_id": None, "moved_at": None}
    | {"contact_external_id": 55},
    "lead_history": {"change_type": 3, "owner_external_id": 21, "stage_external_id": "JUNK", "semantics": "F"},
    "deal_history": {"change_type": 4, "pipeline_external_id": 1, "stage_external_id": "C1:WON", "semantics": "S"},
    "product_rows": {"deal_external_id": 13142, "product_external_id": 9621, "price": Decimal("90000.5")}
    | {"quantity": Decimal(3), "product_name": "Насос"},
    "products": {"external_id": 9621, "name": 'Насос "М"', "purchase_price": Decimal("63000.25")}
    | {"purchase_currency": "RUB"},
    "activities": {"type_id": 2, "provider": "VOXIMPLANT_CALL", "provider_type": "CALL", "direction": 2}
    | {"owner_type": 3, "owner_external_id": 15, "responsible": 505, "deadline_at": None, "is_completed": True}
    | {"started_at": datetime(2026, 9, 27, 10, 25, tzinfo=UTC)},
}


@pytest.mark.parametrize("stream", WIRE)
def test_documented_record_is_read(stream: str) -> None:
    row = read_one(stream, **json.loads(WIRE[stream], parse_float=Decimal))
    assert {name: row[name] for name in COLUMNS[stream]} == COLUMNS[stream]


@pytest.mark.parametrize(
    ("stream", "fields", "columns"),
    [
        ("departments", {"PARENT": None}, {"parent_external_id": None, "head_external_id": None}),
        ("people", {"ACTIVE": True, "UF_DEPARTMENT": False}, {"is_active": True, "department_external_ids": []}),
        (
            "stages",
            {"ENTITY_ID": "STATUS", "SEMANTICS": "S"},
            {"entity": 1, "pipeline_external_id": 0, "semantics": "S"},
        ),
        (
            "deals",
            {"categoryId": "0", "opportunity": None},
            {"pipeline_external_id": 0, "amount": None, "currency": ""},
        ),
        ("deals", {"opportunity": "1000000.00"}, {"amount": Decimal(1_000_000)}),
        ("activities", {"TYPE_ID": "0", "DIRECTION": "0"}, {"type_id": 0, "direction": 0, "is_completed": False}),
    ],
)
def test_other_spelling_is_read_too(stream: str, fields: dict[str, Any], columns: dict[str, Any]) -> None:
    row = read_one(stream, **fields)
    assert {name: row[name] for name in columns} == columns


@pytest.mark.parametrize(
    ("stream", "fields", "reason"),
    [
        ("deals", {"id": None}, "id is missing"),
        ("deals", {"id": "abc"}, "id: 'abc' is no ID"),
        ("deals", {"createdTime": ""}, "createdTime is missing"),
        ("deals", {"opportunity": "1 200,50"}, "opportunity: '1 200,50' is no amount"),
        ("deals", {"updatedTime": "2026-03-01T10:00:00"}, "updatedTime: '2026-03-01T10:00:00' has no offset"),
        ("leads", {"contactId": "x"}, "contactId: 'x' is no ID"),
        ("stages", {"STATUS_ID": ""}, "STATUS_ID is missing"),
        ("currencies", {"CURRENCY": None}, "CURRENCY is missing"),
        ("deal_history", {"OWNER_ID": "0"}, "OWNER_ID is missing"),
        ("activities", {"TYPE_ID": 100_000}, "TYPE_ID: 100000 is no number"),
    ],
)
def test_unreadable_record_names_its_field(stream: str, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read_one(stream, **fields)
    assert str(refused.value) == reason
