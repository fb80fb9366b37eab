"""Prints what the product makes of the real data, as markdown: rows a stream, all KPIs by quarter, agreement.

Usage: python -m tests.realdata.report SOURCE_DIR [--chosen]

The mirror is made in a scratch database by the product's own commands and thrown away. With --chosen the portal
knows costs, has hours of work, and its administrator has chosen otherwise wherever he can.
"""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django

from tests.realdata.comparison import list_differences
from tests.realdata.convert import TABLES
from tests.realdata.oracle import KPIS, read_book
from tests.realdata.product import SPLITS, YEARS, ask_kpis, mirror_source, run
from tests.realdata.scenario import CHOSEN, PLAIN, Scenario

USAGE = "Usage: python -m tests.realdata.report SOURCE_DIR [--chosen], the folder with the source tables\n"


def main(arguments: list[str]) -> int:
    """Run the report from a shell."""
    folders = [Path(argument) for argument in arguments if argument != "--chosen"]
    if len(folders) != 1 or not (folders[0] / f"{TABLES[0]}.csv.gz").is_file():
        sys.stderr.write(USAGE)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(DATA_DIR=scratch, LOG_LEVEL="ERROR")
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{scratch}/mirror.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        scenario = CHOSEN if "--chosen" in arguments else PLAIN
        for line in write_report(folders[0], Path(scratch) / "folder", scenario):
            sys.stdout.write(f"{line}\n")
    return 0


def write_report(source: Path, folder: Path, scenario: Scenario) -> Iterable[str]:
    """Mirror the data, then tell about it line by line."""
    run("migrate", "--verbosity", "0")
    told = mirror_source(source, folder, code="real-data", scenario=scenario)
    answers = {(year, every): ask_kpis(year=year, every=every) for year in YEARS for every in SPLITS}
    yield f"Sync: {told['outcome']}, {told['read']} records, {told['requests']} requests, {told['seconds']:.1f} s.\n"
    yield from tabulate(("stream", "read", "quarantined"), list_streams(told))
    yield f"\nThe team by quarter, {scenario}:\n"
    quarters = [row for year in YEARS for row in answers[year, "quarter"] if row["employee"] is None]
    yield from tabulate(("KPI", *dict.fromkeys(row["period"] for row in quarters)), list_kpis(quarters))
    book = read_book(source, folder, scenario)
    for (year, every), rows in answers.items():
        wrong = list_differences(rows, book, year=year, every=every)
        yield f"\n{year} by {every}: {len(rows)} KPIs, {len(wrong)} differences from the oracle."
        yield from wrong


def list_streams(told: dict[str, Any]) -> list[list[str]]:
    """List what was read of each stream."""
    return [[name, str(row["read"]), str(row["rejected"])] for name, row in told["streams"].items()]


def list_kpis(rows: list[dict[str, Any]]) -> list[list[str]]:
    """List the values of rows by period, one line a KPI."""
    return [[kpi, *(write_number(row["value"]) for row in rows if row["kpi"] == kpi)] for kpi in KPIS]


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
