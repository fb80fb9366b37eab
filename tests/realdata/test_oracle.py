"""The oracle against numbers worked by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.realdata import oracle
from tests.realdata.book_hours import count_work_seconds
from tests.realdata.by_hand import write_tables
from tests.realdata.scenario import PLAIN, Scenario

MARCH, APRIL, MAY = date(2017, 3, 1), date(2017, 4, 1), date(2017, 5, 1)
ANN, BEN, DEVELOPER, SELLER = 101, 102, 201, 202
Numbers = tuple[str, str | None, str | None]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tables(tmp_path_factory.mktemp("tables"))


def ask(
    tables: Path, kpi: str, start: date, end: date, *, employee: int | None = None, scenario: Scenario = PLAIN
) -> oracle.Answer:
    cut = oracle.cut_book(oracle.read_book(tables, tables, scenario), start, end)
    return oracle.answer(cut, kpi, employee=employee)


def check(found: oracle.Answer, expected: Numbers) -> None:
    assert (found.numerator, found.denominator, found.value) == tuple(
        None if number is None else Decimal(number) for number in expected
    )


@pytest.mark.parametrize(
    ("kpi", "employee", "expected"),
    [
        ("deals_won", None, ("4", None, "4")),
        ("deals_won", BEN, ("0", None, "0")),
        ("revenue", None, ("160", None, "160")),
        ("revenue", SELLER, ("9", None, "9")),
        ("average_deal", ANN, ("151", "2", "75.5")),
        ("average_deal", BEN, ("0", "0", None)),
        ("lead_conversion", None, ("4", "4", "100")),
        ("lead_conversion", DEVELOPER, ("0", "2", "0")),
        ("lead_conversion", SELLER, ("2", "0", None)),
        ("lead_conversion_cohort", None, ("2", "4", "50")),
        ("lead_conversion_cohort", DEVELOPER, ("2", "2", "100")),
        ("deal_cycle_time", SELLER, ("151200", "1", "1.75")),
        ("deal_cycle_time", BEN, ("0", "0", None)),
        ("lead_processing_time", None, ("172800", "1", "2")),
        ("lead_processing_time", ANN, ("0", "0", None)),
        ("win_rate", None, ("4", "5", "80")),
        ("win_rate", BEN, ("0", "1", "0")),
        ("response_time", None, ("3600", "1", "60")),
        ("response_time", BEN, ("0", "0", None)),
        ("first_response_time", None, ("10800", "2", "90")),
        ("first_response_time", DEVELOPER, ("10800", "1", "180")),
        ("emails_sent", None, ("3", None, "3")),
        ("calls_made", None, ("0", None, "0")),
        ("meetings_held", ANN, ("1", None, "1")),
        ("tasks_done", BEN, ("1", None, "1")),
        ("csat", None, ("2", "4", "50")),
        ("csat", ANN, ("0", "1", "0")),
        ("csat_response_rate", None, ("4", "5", "80")),
        ("positive_reviews", BEN, ("2", None, "2")),
        ("negative_reviews", None, ("2", None, "2")),
        ("repeat_sales", None, ("1", None, "1")),
        ("repeat_sales", SELLER, ("0", None, "0")),
        ("profitability", None, ("0", "0", None)),
        ("cac", None, ("0", "3", "0")),
        ("marketing_roi", None, ("160", "0", None)),
        ("campaign_leads", None, ("4", None, "4")),
        ("churn_rate", None, ("0", "0", None)),
    ],
)
def test_march_is_as_worked_by_hand(tables: Path, kpi: str, employee: int | None, expected: Numbers) -> None:
    check(ask(tables, kpi, MARCH, APRIL, employee=employee), expected)


CHOICES = Scenario(costs=True, satisfied_from=5, business_hours=True)


@pytest.mark.parametrize(
    ("kpi", "employee", "expected"),
    [
        ("profitability", SELLER, ("1.77", "3", "59")),
        ("profitability", BEN, ("0", "0", None)),
        ("cac", None, ("5.04", "3", "1.68")),
        ("cac", SELLER, ("0", "2", None)),
        ("csat", None, ("1", "4", "25")),
        ("positive_reviews", None, ("2", None, "2")),
        ("response_time", ANN, ("0", "1", "0")),  # 5 March 2017 was a Sunday
    ],
)
def test_march_with_choices_is_as_worked_by_hand(
    tables: Path, kpi: str, employee: int | None, expected: Numbers
) -> None:
    check(ask(tables, kpi, MARCH, APRIL, employee=employee, scenario=CHOICES), expected)


def test_whole_margin_and_return_are_as_worked_by_hand(tables: Path) -> None:
    margin, earned = (ask(tables, kpi, MARCH, APRIL, scenario=CHOICES) for kpi in ("profitability", "marketing_roi"))
    # 100 that cost nothing, 51 at 42 %, 3 at 41 %; nobody knows what the fourth deal cost.
    assert (margin.numerator, margin.denominator) == (154 - Decimal("22.65"), 154)
    assert (earned.numerator, earned.denominator) == (160 - Decimal("5.04"), Decimal("5.04"))


@pytest.mark.parametrize(
    ("month", "days", "employee", "expected"),
    [
        (4, 180, None, ("0", "3", "0")),
        (4, 180, ANN, ("0", "1", "0")),
        (9, 180, None, ("4", "4", "100")),  # from 5 March on: the first seller just so
        (9, 180, BEN, ("2", "2", "100")),  # the account is his since April
        (9, 180, ANN, ("0", "0", None)),
        (10, 180, None, ("0", "0", None)),
        (6, 90, None, ("4", "4", "100")),
        (7, 90, None, ("0", "0", None)),
    ],
)
def test_customers_leave_when_the_window_has_passed(
    tables: Path, month: int, days: int, employee: int | None, expected: Numbers
) -> None:
    start, end = date(2017, month, 1), date(2017, month + 1, 1)
    check(ask(tables, "churn_rate", start, end, employee=employee, scenario=Scenario(churn_days=days)), expected)


def test_new_customers_are_those_of_their_first_deal(tables: Path) -> None:
    april = ask(tables, "cac", APRIL, MAY)
    assert april.denominator == 1
    assert ask(tables, "repeat_sales", APRIL, MAY).value == 1


def test_cycle_is_told_in_days(tables: Path) -> None:
    found = ask(tables, "deal_cycle_time", MARCH, APRIL, employee=ANN)
    assert found.numerator == 828_900 + 2_642_399
    assert round(float(found.value or 0), 6) == 20.088536


def test_days_are_cut_in_the_given_zone(tables: Path) -> None:
    west = Scenario(zone="America/Sao_Paulo")
    # Midnight of 1 April in Moscow is still March in Brazil; a day without a moment is the same day anywhere.
    assert ask(tables, "revenue", MARCH, APRIL, scenario=west).value == Decimal(167)
    assert ask(tables, "revenue", APRIL, MAY, scenario=west).value == Decimal(1000)


def test_weekend_is_no_working_time() -> None:
    friday, monday = datetime(2026, 11, 20, 15, 30, tzinfo=UTC), datetime(2026, 11, 23, 6, 10, tzinfo=UTC)
    assert count_work_seconds(friday, monday, zone=ZoneInfo("Europe/Moscow")) == 600


def test_people_are_those_who_show_up(tables: Path) -> None:
    book = oracle.read_book(tables, tables)
    assert oracle.cut_book(book, MARCH, APRIL).seen == {ANN, BEN, DEVELOPER, SELLER}
    assert oracle.cut_book(book, date(2017, 9, 1), date(2017, 10, 1)).seen == set()
    assert oracle.list_people(oracle.cut_book(book, date(2017, 9, 1), date(2017, 10, 1))) == {BEN, SELLER}


def test_months_of_a_year_follow_each_other() -> None:
    parts = list(oracle.list_parts("2017", "month"))
    assert [start for _, start, _ in parts[1:]] == [end for _, _, end in parts[:-1]]
    assert parts[-1] == ("2017-12", date(2017, 12, 1), date(2018, 1, 1))
    assert [key for key, _, _ in oracle.list_parts("2017", "quarter")] == ["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4"]
