"""Whatever JSON a portal sends, a reader returns what it promises or says that it is malformed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from crmsync.bitrix24.activities import classify, freeze_rules
from crmsync.bitrix24.normalize import (
    MalformedError,
    read_code,
    read_day,
    read_decimal,
    read_flag,
    read_id,
    read_ids,
    read_instant,
    read_number,
    read_semantics,
    read_small,
    read_text,
)
from crmsync.bitrix24.streams import STREAMS
from tests.crmsync.unit.anything import JSON, VALUES

PROMISES: list[tuple[Callable[[Any], Any], Callable[[Any], bool]]] = [
    (read_id, lambda value: value is None or 0 < value < 2**63),
    (read_ids, lambda value: all(0 < one < 2**63 for one in value)),
    (read_number, lambda value: value is None or abs(value) < 2**31),
    (read_small, lambda value: value is None or abs(value) < 2**15),
    (read_decimal, lambda value: value is None or abs(value) < Decimal("1e14")),
    (read_flag, lambda value: value in (True, False)),
    (read_text, lambda value: len(value) <= 255 and value == value.encode().decode() and "\x00" not in value),
    (read_code, lambda value: len(value) <= 64),
    (read_instant, lambda value: value is None or (value.tzinfo is UTC and isinstance(value, datetime))),
    (read_day, lambda value: value is None or type(value) is date),
    (read_semantics, lambda value: value in ("", "P", "S", "F")),
]


@pytest.mark.parametrize(("read", "keeps"), PROMISES, ids=lambda it: getattr(it, "__name__", ""))
@given(raw=VALUES)
def test_reader_keeps_its_promise(read: Callable[[Any], Any], keeps: Callable[[Any], bool], raw: Any) -> None:
    with suppress(MalformedError):
        assert keeps(read(raw))


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.key)
@settings(max_examples=50)
@given(raw=JSON)
def test_record_of_any_shape_raises_nothing_else(stream: Any, raw: Any) -> None:
    for column in stream.columns:
        record = dict.fromkeys(column.needs, raw) if column.needs else raw
        with suppress(MalformedError):
            column.read(record)


@given(raw=JSON)
def test_rules_of_any_shape_are_frozen_or_refused(raw: Any) -> None:
    with suppress(ValueError):
        assert classify(6, "CRM_EMAIL", freeze_rules(raw))
