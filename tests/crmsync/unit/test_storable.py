"""What databases refuse is taken out, and nothing else."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from crmsync.storable import drop_unstorable, write_json
from tests.crmsync.unit.anything import HALVES, JSON, TEXTS


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ромашка 🌼", "Ромашка 🌼"),
        ("a\x00b\x00", "ab"),
        (HALVES[0] + "б", "б"),
        (HALVES[1], "a"),
        (r"\u0000", r"\u0000"),
        ("", ""),
    ],
)
def test_only_what_cannot_be_stored_is_dropped(text: str, kept: str) -> None:
    assert drop_unstorable(text) == kept


@given(TEXTS)
def test_what_is_left_can_be_stored(text: str) -> None:
    left = drop_unstorable(text)
    assert "\x00" not in left
    assert left.encode().decode() == left


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ({"a": "x\x00y"}, {"a": "xy"}),
        ({"a": r"\u0000"}, {"a": r"\u0000"}),
        ({"a": "\\\x00"}, {"a": "\\"}),
        ({"a": "\\\\u0000\x00\x00"}, {"a": "\\\\u0000"}),
        ({"\x00k": [HALVES[0] + "х"]}, {"k": ["х"]}),
        ({"cost": Decimal("300.50")}, {"cost": "300.50"}),
        ("Ромашка", "Ромашка"),
    ],
)
def test_json_keeps_everything_else(value: Any, stored: Any) -> None:
    assert json.loads(write_json(value)) == stored


@given(JSON)
def test_any_json_is_written_as_json(value: Any) -> None:
    text = write_json(value)
    json.loads(text)
    assert text.encode()
