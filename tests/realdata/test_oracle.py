"""The oracle against numbers worked by hand, and against SQL over the same tables."""

import csv
import gzip
import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.realdata import oracle
from tests.realdata.book import read_book
from tests.realdata.sample import write_table

MARCH, APRIL, MAY = date(2017, 3, 1), date(2017, 4, 1), date(2017, 5, 1)


def sell(agent: str, engaged: str, closed: str, value: str, stage: str = "Won") -> dict[str, str]:
    return {
        "sales_agent": agent,
        "engage_date": engaged,
        "close_date": closed,
        "close_value": value,
        "deal_stage": stage,
    }


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    write_table(tmp_path, "sales_teams", [{"sales_agent": "Ann"}, {"sales_agent": "Ben"}])
    pipeline = [
        sell("Ann", "2017-03-01", "2017-03-11", "100"),  # 00:15:00
        sell("Ann", "2017-03-01", "2017-03-31", "51"),  # 23:59:59
        sell("Ben", "2017-03-01", "2017-04-01", "7"),  # 00:00:00
        sell("Ben", "2017-03-01", "2017-03-20", "0", "Lost"),
        sell("Ben", "2017-03-01", "2017-04-01", "1000"),  # planned: the day's first second
    ]
    write_table(tmp_path, "sales_pipeline", pipeline)
    leads = [("x", "2017-03-05"), ("y", "2017-03-05"), ("z", "2017-04-02")]
    write_table(
        tmp_path,
        "olist_marketing_qualified_leads",
        [{"mql_id": key, "first_contact_date": day} for key, day in leads],
    )
    won = {"mql_id": "x", "sdr_id": "d", "sr_id": "r", "won_date": "2017-03-05 09:00:00"}
    write_table(tmp_path, "olist_closed_deals", [won | {"declared_monthly_revenue": "10"}])
    return tmp_path


@pytest.mark.parametrize(
    ("kpi", "employee", "numerator", "denominator", "value"),
    [
        ("deals_won", None, "3", None, "3"),
        ("deals_won", 101, "2", None, "2"),
        ("deals_won", 102, "0", None, "0"),
        ("revenue", None, "154", None, "154"),
        ("revenue", 202, "3", None, "3"),
        ("average_deal", 101, "151", "2", "75.5"),
        ("average_deal", 102, "0", "0", None),
        ("lead_conversion", None, "3", "2", "150"),
        ("lead_conversion", 201, "0", "1", "0"),
        ("lead_conversion", 202, "1", "0", None),
        ("deal_cycle_time", 101, str(828_900 + 2_642_399), "2", None),
        ("deal_cycle_time", 202, "0", "0", None),
        ("emails_sent", 101, "0", None, "0"),
    ],
)
def test_march_is_as_worked_by_hand(
    tables: Path, kpi: str, employee: int | None, numerator: str, denominator: str | None, value: str | None
) -> None:
    found = oracle.answer(oracle.cut_book(read_book(tables), MARCH, APRIL), kpi, employee=employee)
    assert found.numerator == Decimal(numerator)
    assert found.denominator == (denominator and Decimal(denominator))
    if kpi != "deal_cycle_time" or value:
        assert found.value == (value and Decimal(value))


def test_cycle_is_told_in_days(tables: Path) -> None:
    found = oracle.answer(oracle.cut_book(read_book(tables), MARCH, APRIL), "deal_cycle_time", employee=101)
    assert round(float(found.value or 0), 6) == 20.088536


def test_days_are_cut_in_the_given_zone(tables: Path) -> None:
    west = read_book(tables, zone=ZoneInfo("America/Sao_Paulo"))
    # Midnight of 1 April in Moscow is still March in Brazil; a day without a moment is the same day anywhere.
    assert oracle.answer(oracle.cut_book(west, MARCH, APRIL), "revenue").value == Decimal(161)
    assert oracle.answer(oracle.cut_book(west, APRIL, MAY), "revenue").value == Decimal(1000)


def test_people_are_those_who_show_up(tables: Path) -> None:
    book = read_book(tables)
    assert oracle.list_people(oracle.cut_book(book, MARCH, APRIL)) == {101, 102, 201, 202}
    assert oracle.list_people(oracle.cut_book(book, APRIL, MAY)) == {102}


def test_months_of_a_year_follow_each_other() -> None:
    parts = list(oracle.list_parts("2017", "month"))
    assert [start for _, start, _ in parts[1:]] == [end for _, _, end in parts[:-1]]
    assert parts[-1] == ("2017-12", date(2017, 12, 1), date(2018, 1, 1))
    assert [key for key, _, _ in oracle.list_parts("2017", "quarter")] == ["2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4"]


SQL = """
SELECT month, count(*), sum(cents), (SELECT count(*) FROM leads WHERE substr(day, 1, 7) = month)
FROM (SELECT substr(close_date, 1, 7) AS month, close_value * 100 AS cents FROM maven WHERE stage = 'Won'
      UNION ALL SELECT substr(won_date, 1, 7), revenue * 30 FROM olist)
GROUP BY month
"""
COLUMNS = {
    "maven": ("sales_pipeline", ["deal_stage", "close_date", "close_value"], "stage, close_date, close_value INT"),
    "olist": ("olist_closed_deals", ["won_date", "declared_monthly_revenue"], "won_date, revenue INT"),
    "leads": ("olist_marketing_qualified_leads", ["first_contact_date"], "day"),
}


def sum_in_sql(source: Path) -> list[tuple[str, int, int, int]]:
    database = sqlite3.connect(":memory:")
    for table, (name, columns, definition) in COLUMNS.items():
        with gzip.open(source / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
            rows = [[row[column] for column in columns] for row in csv.DictReader(lines)]
        database.execute(f"CREATE TABLE {table} ({definition})")
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)
    totals = database.execute(SQL).fetchall()
    database.close()
    return totals


def test_totals_equal_those_of_sql(source: Path) -> None:
    book = read_book(source)
    months = {key: (start, end) for year in ("2017", "2018") for key, start, end in oracle.list_parts(year, "month")}
    totals = sum_in_sql(source)
    assert sum(won for _, won, _, _ in totals) == len(book.sales) > 0
    for month, won, cents, leads in totals:
        part = oracle.cut_book(book, *months[month])
        found = {kpi: oracle.answer(part, kpi) for kpi in ("revenue", "lead_conversion")}
        assert (found["lead_conversion"].numerator, found["revenue"].value) == (won, Decimal(cents) / 100)
        assert found["lead_conversion"].denominator == leads
