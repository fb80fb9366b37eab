"""Canonical JSON: one text for equal contents, and nothing that has none."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.scoring.canonical import hash_document, write_canonical, write_decimal
from targets.scoring.errors import ScoringError
from targets.scoring.scheme import NoData

MOSCOW = timezone(timedelta(hours=3))
WRITTEN: list[tuple[Any, str]] = [
    ({}, "{}"),
    (None, "null"),
    ({"b": 1, "a": [True, None], "ё": "ж"}, '{"a":[true,null],"b":1,"ё":"ж"}'),
    (Decimal("0.00"), '"0"'),
    (Decimal("-0"), '"0"'),
    (Decimal("50000.00"), '"50000"'),
    (Decimal("5E+4"), '"50000"'),
    (Decimal("1E-7"), '"0.0000001"'),
    (Decimal("-120.50"), '"-120.5"'),
    (Decimal("1000"), '"1000"'),
    (Fraction(15, 22), '"15/22"'),
    (NoData.HOLD, '"hold"'),
    (date(2026, 3, 2), '"2026-03-02"'),
    (datetime(2026, 3, 2, 1, 30, tzinfo=MOSCOW), '"2026-03-01T22:30:00Z"'),
    (datetime(2026, 3, 2, 1, 30, 0, 5, tzinfo=UTC), '"2026-03-02T01:30:00.000005Z"'),
]
REFUSED = [
    0.5,
    float("nan"),
    Decimal("NaN"),
    Decimal("Infinity"),
    datetime(2026, 3, 2),
    {1: "a"},
    {"a": object()},
    b"a",
]


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_value_is_written_canonically(value: Any, text: str) -> None:
    assert write_canonical(value) == text


@pytest.mark.parametrize("value", REFUSED)
def test_value_without_a_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(ScoringError):
        write_canonical({"deep": [value]})


def test_hash_is_that_of_the_text() -> None:
    assert hash_document({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert hash_document({"a": Decimal("1.0"), "b": 2}) == hash_document({"b": 2, "a": Decimal(1)})
    assert hash_document({"a": Decimal(1)}) != hash_document({"a": 1})


@given(value=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_written_decimal_is_the_same_number(value: Decimal) -> None:
    text = write_decimal(value)
    assert Decimal(text) == value
    assert "E" not in text
