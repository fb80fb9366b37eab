"""The oracle against a third road: totals by month in SQL over the same tables."""

import csv
import gzip
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from tests.realdata import oracle

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


def test_totals_equal_those_of_sql(source: Path, convert: Callable[[Path], Path]) -> None:
    book = oracle.read_book(source, convert(source))
    months = {key: (start, end) for year in ("2017", "2018") for key, start, end in oracle.list_parts(year, "month")}
    totals = sum_in_sql(source)
    assert sum(won for _, won, _, _ in totals) == sum(deal.won for deal in book.deals) > 0
    for month, won, cents, leads in totals:
        part = oracle.cut_book(book, *months[month])
        found = {kpi: oracle.answer(part, kpi) for kpi in ("revenue", "lead_conversion")}
        assert (found["lead_conversion"].numerator, found["revenue"].value) == (won, Decimal(cents) / 100)
        assert found["lead_conversion"].denominator == leads
