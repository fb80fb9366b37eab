"""Cells of files with costs: days and amounts as people and ad systems write them, by hand, and as properties."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kpis.spend.cells import CellError, find_order, find_point, read_amount, read_day, round_amount

NARROW, THIN, FIXED = "\u202f", "\u2009", "\u00a0"
AMOUNTS: list[tuple[Any, str, str]] = [
    ("1234", "1234", ""),
    ("1234.5", "1234.5", ""),
    ("1234,5", "1234.5", ""),
    ("1 234,56 ₽", "1234.56", "RUB"),
    (f"1{FIXED}234,56{FIXED}руб.", "1234.56", "RUB"),
    (f"1{NARROW}234{THIN}567,8", "1234567.8", ""),
    ("1,234.56", "1234.56", ""),
    ("1.234,56", "1234.56", ""),
    ("1'234.56", "1234.56", ""),
    ("1,234,567", "1234567", ""),
    ("0,125", "0.125", ""),
    ("1234,567", "1234.567", ""),
    ("1 234,567", "1234.567", ""),
    ("$5", "5", "USD"),
    ("-$5.10", "-5.1", "USD"),
    ("−5,00 €", "-5", "EUR"),
    ("руб. 1 200", "1200", "RUB"),
    ("12 KZT", "12", "KZT"),
    ("0", "0", ""),
    ("--", "0", ""),
    (1500, "1500", ""),
    (0.1, "0.1", ""),
    (Decimal("2.50"), "2.5", ""),
]


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(("cell", "amount", "currency"), AMOUNTS)
def test_amount_is_read(cell: Any, amount: str, currency: str) -> None:
    assert read_amount(cell) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "cell", ["много", "12 шт", "(5)", "1.2.3,4", "1,23,4", "12 34", "5-", "1;2", True, "10%", "=A1", "nan", "1e5"]
)
def test_text_that_is_no_amount_is_refused(cell: Any) -> None:
    with pytest.raises(CellError, match="is no amount: write it as 1234.50"):
        read_amount(cell)


@pytest.mark.parametrize("cell", ["", None, "  "])
def test_missing_amount_is_refused(cell: Any) -> None:
    with pytest.raises(CellError, match="There is no amount"):
        read_amount(cell)


@pytest.mark.parametrize("cell", ["100000000000", -1e11, float("nan"), float("inf")])
def test_amount_beyond_any_cost_is_refused(cell: Any) -> None:
    with pytest.raises(CellError, match="100 billion"):
        read_amount(cell)


@pytest.mark.parametrize("cell", ["1,234", "12.345", "123,456"])
def test_three_digits_behind_a_mark_are_not_guessed(cell: str) -> None:
    with pytest.raises(CellError, match="thousands or a fraction"):
        read_amount(cell)


@pytest.mark.parametrize(
    ("others", "amount"),
    [(["2,50"], "1.234"), (["2.50"], "1234"), (["1,234,567"], "1234"), (["1.234,5", "7"], "1.234")],
)
def test_other_amounts_of_the_file_tell_the_decimal_mark(others: list[str], amount: str) -> None:
    cells = ["1,234", *others]
    assert read_amount("1,234", point=find_point(cells))[0] == Decimal(amount)


def test_file_with_both_decimal_marks_proves_none() -> None:
    assert find_point(["2,50", "2.50"]) is None
    assert find_point([2.5, None, "много"]) is None


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-05",
        "2026-10-5",
        "05.10.2026",
        "5.10.2026",
        "05/10/2026",
        "2026-10-05 00:00:00",
        "2026-10-05T13:45",
        date(2026, 10, 5),
        datetime(2026, 10, 5, 13, 45),
    ],
)
def test_day_is_read(cell: Any) -> None:
    assert read_day(cell) == date(2026, 10, 5)


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("", "There is no date"),
        (None, "There is no date"),
        ("вчера", "is no date"),
        ("2026", "is no date"),
        (46300, "is no date"),
        ("05.10.26", "is no date"),
        ("2026-10-01/2026-10-31", "is no date"),
        ("30.02.2026", "There is no day “30.02.2026” in the calendar"),
        ("2026-13-01", "There is no day"),
        ("0026-10-05", "The year 26 is not possible"),
    ],
)
def test_day_that_does_not_exist_is_refused(cell: Any, advice: str) -> None:
    with pytest.raises(CellError, match=advice):
        read_day(cell)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["05/10/2026", "06/10/2026"], "dm"),
        (["05/10/2026", "25/10/2026"], "dm"),
        (["05/10/2026", "10/25/2026"], "md"),
        (["10/25/2026", "25/10/2026"], None),
        ([], "dm"),
        ([date(2026, 10, 5), None, "05.10.2026"], "dm"),
    ],
)
def test_order_of_slashed_dates_is_the_files(cells: list[Any], order: str | None) -> None:
    assert find_order(cells) == order


def test_slashed_date_follows_the_order() -> None:
    assert read_day("10/05/2026", order="md") == date(2026, 10, 5)
    with pytest.raises(CellError, match="with the day first and with the month first"):
        read_day("10/05/2026", order=None)


@pytest.mark.parametrize(("amount", "stored"), [("1.23455", "1.2346"), ("0.00004", "0"), ("1e3", "1000")])
def test_amount_is_rounded_half_up_to_four_decimals(amount: str, stored: str) -> None:
    assert round_amount(Decimal(amount)) == Decimal(stored)


@given(
    amount=st.decimals(0, 99_999_999, places=2),
    group=st.sampled_from(["", " ", FIXED, THIN, NARROW, "'"]),
    point=st.sampled_from([",", "."]),
    sign=st.sampled_from(["", " ₽", " руб.", "р."]),
)
def test_written_amount_comes_back(amount: Decimal, group: str, point: str, sign: str) -> None:
    text = f"{amount:,.2f}".replace(".", point).replace("," if point == "." else "!", group)
    if point == ",":
        whole, _, part = f"{amount:,.2f}".partition(".")
        text = f"{whole.replace(',', group)},{part}"
    assert read_amount(text + sign) == (amount, "RUB" if sign else "")


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), form=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"]))
def test_written_day_comes_back(day: date, form: str) -> None:
    assert read_day(day.strftime(form)) == day


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_amount, read_day):
        try:
            read(text)
        except CellError as error:
            assert str(error)
