"""The source tables as they come: gzip-compressed CSV, one dictionary a line; and plain CSV of our own."""

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path

Row = dict[str, str]


def read_table(source: Path, name: str) -> list[Row]:
    """Read one table; a line's number is its position, counted from 1."""
    with gzip.open(source / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_lines(path: Path, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Path:
    """Write a plain file and return where it is."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([headings, *rows])
    return path


def write_table(target: Path, name: str, rows: list[Row]) -> None:
    """Write one table as the source has it."""
    target.mkdir(parents=True, exist_ok=True)
    with gzip.open(target / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, fieldnames=list(rows[0]))
        table.writeheader()
        table.writerows(rows)
