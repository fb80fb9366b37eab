"""The source tables as they come: gzip-compressed CSV, one dictionary a line."""

import csv
import gzip
from pathlib import Path

Row = dict[str, str]


def read_table(source: Path, name: str) -> list[Row]:
    """Read one table; a line's number is its position, counted from 1."""
    with gzip.open(source / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
