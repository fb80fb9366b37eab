"""The comparison lets nothing pass: each fault that it must find is planted once."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.realdata import oracle
from tests.realdata.book import Book
from tests.realdata.comparison import list_differences, list_forgotten, list_keys

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def book(sample: Path, convert: Callable[[Path], Path]) -> Book:
    return oracle.read_book(sample, convert(sample))


@pytest.fixture
def rows(book: Book) -> Rows:
    """What a product without a fault would answer."""
    cuts = {key: oracle.cut_book(book, start, end) for key, start, end in oracle.list_parts("2017", "quarter")}
    people = {who for cut in cuts.values() for who in oracle.list_people(cut)}
    return [write_row(cuts[key[0]], key) for key in list_keys(cuts, people)]


def write_row(cut: oracle.Cut, key: tuple[str, str, int | None]) -> dict[str, Any]:
    right = oracle.answer(cut, key[1], employee=key[2])
    told = {name: write_number(getattr(right, name)) for name in ("numerator", "denominator", "value")}
    named = {"period": key[0], "kpi": key[1], "employee": key[2]}
    return named | told | {"complete_through": "2018-01-01T00:00:00+00:00"}


def write_number(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def change(**fields: Any) -> Callable[[Rows], None]:
    return lambda rows: rows[0].update(fields)


def find(rows: Rows, kpi: str) -> dict[str, Any]:
    """Find somebody's row, of the part where the numbers are largest."""
    return max((row for row in rows if row["kpi"] == kpi and row["employee"]), key=lambda row: row["denominator"])


FAULTS: dict[str, Callable[[Rows], None]] = {
    "a row is missing": lambda rows: rows.remove(rows[-1]),
    "a row too many": lambda rows: rows.append(rows[0] | {"employee": 999}),
    "one deal too many": lambda rows: rows[0].update(numerator=rows[0]["numerator"] + 1),
    "a wrong value": lambda rows: rows[0].update(value=rows[0]["value"] * (1 + 1e-12)),
    "a ratio of nothing is 0": lambda rows: next(row for row in rows if row["value"] is None).update(value=0),
    "a person has what only the team has": lambda rows: find(rows, "cac").update(value=0),
    "a person's churn is the team's": lambda rows: find(rows, "churn_rate").update(numerator=77),
    "nothing instead of a number": change(value=None),
    "no denominator expected": change(denominator=1),
    "not complete": change(complete_through=None),
}


def test_right_answers_pass(book: Book, rows: Rows) -> None:
    assert len(rows) > 100
    assert list_differences(rows, book, year="2017", every="quarter") == []


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found(book: Book, rows: Rows, fault: str) -> None:
    FAULTS[fault](rows)
    assert len(list_differences(rows, book, year="2017", every="quarter")) == 1


def test_people_who_are_left_out_of_churn_are_named(book: Book, rows: Rows) -> None:
    assert list_forgotten(rows, book, year="2017", every="quarter") == set()
    fewer = [row for row in rows if row["employee"] != 101]
    assert list_forgotten(fewer, book, year="2017", every="quarter") == {
        (f"2017-Q{part}", 101) for part in (1, 2, 3, 4)
    }
