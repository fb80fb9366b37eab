"""Columns that more than one field of a record decides."""

from decimal import Decimal
from typing import Any

import pytest

from crmsync.bitrix24.normalize import MalformedError
from crmsync.bitrix24.readers import (
    is_deal_stage,
    is_source,
    is_stage,
    read_contact_of,
    read_email,
    read_phone,
    read_rate,
    read_stage_pipeline,
    read_stage_semantics,
)

OTHER_ENTITIES: list[Any] = [
    *(
        "SOURCE",
        "DEAL_TYPE",
        "QUOTE_STATUS",
        "SMART_INVOICE_STAGE_3",
        "DYNAMIC_128_STAGE_5",
        "DEAL_STAGE_",
        "DEAL_STAGE7",
    ),
    *("DEAL_STAGE_²", "DEAL_STAGE_7x", "DEAL_STAGE_" + "9" * 20, "", None, 5, [], {}),
]


def test_email_and_phone_are_read_from_fm() -> None:
    fm = [
        {"id": 101, "typeId": "PHONE", "value": "+7 999 000-00-01", "valueType": "WORK"},
        {"id": 102, "typeId": "EMAIL", "value": "first@romashka.example", "valueType": "WORK"},
        {"id": 103, "typeId": "EMAIL", "value": "second@romashka.example", "valueType": "HOME"},
    ]
    assert read_email({"fm": fm}) == "first@romashka.example"
    assert read_phone({"fm": fm}) == "+7 999 000-00-01"


@pytest.mark.parametrize(
    ("raw", "email"),
    [
        ({"emailWork": "w@b.example", "email": "e@b.example", "emailHome": "h@b.example"}, "w@b.example"),
        ({"emailWork": "", "email": "e@b.example"}, "e@b.example"),
        ({"emailMailing": "m@b.example"}, "m@b.example"),
        ({"EMAIL": "upper@b.example"}, ""),
    ],
)
def test_alias_fields_are_asked_in_order(raw: dict[str, Any], email: str) -> None:
    assert read_email(raw) == email


def test_phone_fits_its_column() -> None:
    assert len(read_phone({"phoneWork": "7" * 200})) == 100


@pytest.mark.parametrize(
    ("raw", "contact"),
    [
        ({"contactId": 55, "contactIds": [56, 55]}, 55),
        ({"contactId": 0, "contactIds": [56, 55]}, 56),
        ({"contactId": None, "contactIds": ["56"]}, 56),
        ({"contactId": "0", "contactIds": []}, None),
        ({"contactIds": {"0": 57}}, 57),
        ({}, None),
    ],
)
def test_primary_contact_precedes_the_first_of_many(raw: dict[str, Any], contact: int | None) -> None:
    assert read_contact_of(raw) == contact


@pytest.mark.parametrize(
    ("entity", "stage", "pipeline"),
    [
        ("STATUS", True, 0),
        ("DEAL_STAGE", True, 0),
        ("DEAL_STAGE_7", True, 7),
        ("DEAL_STAGE_10", True, 10),
        *((other, False, 0) for other in OTHER_ENTITIES),
    ],
)
def test_stages_are_told_from_other_entries(entity: Any, stage: bool, pipeline: int) -> None:
    raw = {"ENTITY_ID": entity, "STATUS_ID": "NEW"}
    assert is_stage(raw) is stage
    assert read_stage_pipeline(raw) == pipeline


def test_entry_without_an_entity_is_nothing() -> None:
    assert not is_stage({}) and not is_deal_stage({}) and not is_source({})


def test_source_is_a_source() -> None:
    assert is_source({"ENTITY_ID": "SOURCE"}) and not is_source({"ENTITY_ID": "STATUS"})


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"SEMANTICS": "S"}, "S"),
        ({"SEMANTICS": "F", "EXTRA": {"SEMANTICS": "success"}}, "F"),
        ({"SEMANTICS": None, "EXTRA": {"SEMANTICS": "success"}}, "S"),
        ({"SEMANTICS": "", "EXTRA": {"SEMANTICS": "apology"}}, "F"),
        ({"SEMANTICS": "", "EXTRA": {"SEMANTICS": "process"}}, "P"),
        ({"SEMANTICS": None, "EXTRA": []}, "P"),
        ({"SEMANTICS": None, "EXTRA": {}}, "P"),
        ({}, "P"),
    ],
)
def test_stage_tells_its_meaning_in_either_place(raw: dict[str, Any], expected: str) -> None:
    assert read_stage_semantics(raw) == expected


@pytest.mark.parametrize(
    ("amount", "units", "rate"),
    [
        ("68.7900", "1", "68.79"),
        ("1250.0000", "100", "12.5"),
        ("1.0000", "3", "0.3333333333"),
        (Decimal("92.5"), 1, "92.5"),
        ("0.00072", "1", "0.00072"),
        ("90", "0", "90"),
        ("90", None, "90"),
    ],
)
def test_rate_is_the_price_of_one_unit(amount: Any, units: Any, rate: str) -> None:
    assert read_rate({"AMOUNT": amount, "AMOUNT_CNT": units}) == Decimal(rate)


@pytest.mark.parametrize("amount", [None, "", "0", "0.0000", 0])
def test_rate_of_nothing_is_unknown(amount: Any) -> None:
    assert read_rate({"AMOUNT": amount, "AMOUNT_CNT": "1"}) is None


@pytest.mark.parametrize(("amount", "units"), [("-5", "1"), ("5", "-1"), ("1", "1e13"), ("9e13", "0.001"), ("x", "1")])
def test_rate_that_cannot_be_is_malformed(amount: str, units: str) -> None:
    with pytest.raises(MalformedError):
        read_rate({"AMOUNT": amount, "AMOUNT_CNT": units})
