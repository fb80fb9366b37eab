"""Ids, numbers and amounts as the portal writes them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crmsync.bitrix24.normalize import (
    MalformedError,
    read_decimal,
    read_id,
    read_ids,
    read_number,
    read_small,
)

NOTHING: list[Any] = [None, "", False, [], {}]
BIGGEST = 2**63 - 1


@pytest.mark.parametrize("raw", [*NOTHING, "0", 0, Decimal("0"), Decimal("0.0")])
def test_no_link_is_none(raw: Any) -> None:
    assert read_id(raw) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("410", 410),
        (410, 410),
        (" 410 ", 410),
        (Decimal("410"), 410),
        (Decimal("410.0"), 410),
        ("1", 1),
        (BIGGEST, BIGGEST),
        (str(BIGGEST), BIGGEST),
    ],
)
def test_link_is_read_from_text_and_number(raw: Any, expected: int) -> None:
    assert read_id(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        *(True, "abc", "-5", -5, "1.5", Decimal("1.5"), "1_000", "1 000", "4e2", "NaN", "Infinity", " "),
        *(BIGGEST + 1, str(BIGGEST + 1), "9" * 30, 10**30, Decimal("1E+400"), Decimal("1E+999999999")),
        *([5], {"ID": 5}, "5\x00", "D_410", "٤١٠"),
    ],
)
def test_what_is_no_link_is_malformed(raw: Any) -> None:
    with pytest.raises(MalformedError, match="is no ID"):
        read_id(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *((nothing, []) for nothing in NOTHING),
        ([1, 15], [1, 15]),
        (["1", "15"], [1, 15]),
        ({"0": 1, "3": "15"}, [1, 15]),
        ([0, "", "7", None], [7]),
        ("7", [7]),
        (7, [7]),
        ("0", []),
    ],
)
def test_links_are_read_from_a_list_a_map_or_alone(raw: Any, expected: list[int]) -> None:
    assert read_ids(raw) == expected


@pytest.mark.parametrize("raw", [[1, "x"], [[1]], {"a": True}])
def test_one_bad_link_spoils_the_list(raw: Any) -> None:
    with pytest.raises(MalformedError):
        read_ids(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("500", 500), (500, 500), ("0", 0), (0, 0), ("-10", -10), (Decimal("500.0"), 500), (2**31 - 1, 2**31 - 1)],
)
def test_number_is_read(raw: Any, expected: int) -> None:
    assert read_number(raw) == expected


@pytest.mark.parametrize("raw", [2**31, "x", "1.5", Decimal("0.5"), True, Decimal("1E+999999999"), [1]])
def test_what_is_no_number_is_malformed(raw: Any) -> None:
    with pytest.raises(MalformedError, match="is no number"):
        read_number(raw)


def test_kind_fits_a_small_column() -> None:
    assert read_small("32767") == 32767
    with pytest.raises(MalformedError):
        read_small(32768)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("15000.00", "15000.00"),
        (Decimal("999.9"), "999.9"),
        (10000, "10000"),
        ("300|RUB", "300"),
        ("300.55|USD", "300.55"),
        ("0", "0"),
        (0, "0"),
        ("-12.5", "-12.5"),
        (Decimal("0.1") + Decimal("0.2"), "0.3"),
        ("81818.18185", "81818.1818"),
        ("81818.18195", "81818.1820"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-400"), "0"),
        ("99999999999998.99999", "99999999999999"),
    ],
)
def test_amount_is_exact_to_four_places(raw: Any, expected: str) -> None:
    assert read_decimal(raw) == Decimal(expected)


@pytest.mark.parametrize(
    "raw",
    [
        *("1 200,50", "1200,50", "12.5.1", "abc", "|RUB", "NaN", "sNaN", "Infinity", "1_000", True, [5], {"a": 1}),
        *("1e400", Decimal("1E+400"), Decimal("1E+999999999"), "99999999999999.5", -(10**14), Decimal("NaN")),
    ],
)
def test_what_is_no_amount_is_malformed(raw: Any) -> None:
    with pytest.raises(MalformedError, match="is no amount"):
        read_decimal(raw)


@pytest.mark.parametrize("read", [read_number, read_small, read_decimal])
@pytest.mark.parametrize("raw", NOTHING)
def test_no_number_is_none_and_not_zero(read: Callable[[Any], Any], raw: Any) -> None:
    assert read(raw) is None
