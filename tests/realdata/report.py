"""Prints what the product makes of the real data, as markdown: rows a stream, the KPIs of 2017, agreement.

Usage: python -m tests.realdata.report SOURCE_DIR

The mirror is made in a scratch database by the product's own commands and thrown away.
"""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django

from tests.realdata.book import read_book
from tests.realdata.comparison import list_differences
from tests.realdata.convert import TABLES, convert_tables
from tests.realdata.product import SPLITS, YEARS, ask_kpis, mirror_folder, run

ZONE = "Europe/Moscow"
COLUMNS = ("deals_won", "revenue", "average_deal", "leads_received", "lead_conversion", "deal_cycle_time")


def main(arguments: list[str]) -> int:
    """Run the report from a shell."""
    if len(arguments) != 1 or not (Path(arguments[0]) / f"{TABLES[0]}.csv.gz").is_file():
        sys.stderr.write("Usage: python -m tests.realdata.report SOURCE_DIR, the folder with the source tables\n")
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(DATA_DIR=scratch, DATABASE_URL=f"sqlite:///{scratch}/mirror.sqlite3", LOG_LEVEL="ERROR")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        for line in write_report(Path(arguments[0]), Path(scratch) / "folder"):
            sys.stdout.write(f"{line}\n")
    return 0


def write_report(source: Path, folder: Path) -> Iterable[str]:
    """Mirror the data, then tell about it line by line."""
    run("migrate", "--verbosity", "0")
    converted = convert_tables(source, folder)
    told = mirror_folder(folder, zone=ZONE, code="real-data")
    answers = {(year, every): ask_kpis(year=year, every=every) for year in YEARS for every in SPLITS}
    yield f"Sync: {told['outcome']}, {told['read']} records, {told['requests']} requests, {told['seconds']:.1f} s.\n"
    yield from tabulate(("stream", "read", "quarantined"), list_streams(told))
    yield f"\nIn the folder: {', '.join(f'{name} {count}' for name, count in converted.items())}.\n"
    yield from tabulate(("month", *COLUMNS), list_months([*answers["2017", "month"], *answers["2017", "year"]]))
    book = read_book(source)
    for (year, every), rows in answers.items():
        wrong = list_differences(rows, book, year=year, every=every)
        yield f"\n{year} by {every}: {len(rows)} KPIs, {len(wrong)} differ from the oracle."
        yield from wrong


def list_streams(told: dict[str, Any]) -> list[list[str]]:
    """List what was read of each stream."""
    return [[name, str(row["read"]), str(row["rejected"])] for name, row in told["streams"].items()]


def list_months(rows: list[dict[str, Any]]) -> list[list[str]]:
    """List the team's KPIs, one line a period."""
    team = {(row["period"], row["kpi"]): row for row in rows if row["employee"] is None}
    lines = []
    for period in dict.fromkeys(period for period, _ in team):
        values = {kpi: row["value"] for (part, kpi), row in team.items() if part == period}
        values["leads_received"] = team[period, "lead_conversion"]["denominator"]
        lines.append([period, *(write_number(values[name]) for name in COLUMNS)])
    return lines


def write_number(number: float | None) -> str:
    """Write a number for a reader, "no data" for none."""
    return "no data" if number is None else f"{number:,.2f}".removesuffix(".00")


def tabulate(heading: Iterable[str], lines: Iterable[Iterable[str]]) -> Iterable[str]:
    """Write a markdown table."""
    heading = list(heading)
    for line in (heading, ["---", *["---:"] * (len(heading) - 1)], *lines):
        yield f"| {' | '.join(line)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
