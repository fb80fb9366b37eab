"""What counts, read straight from the source tables: the lower half of the oracle; no project code between.

It follows the rules of the README beside this module. Of the converted folder it reads only the activities,
which no table knows.
"""

import csv
import gzip
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

PORTAL_CLOCK = ZoneInfo("Europe/Moscow")
Employee = int | None
Customer = tuple[str, int]


@dataclass(frozen=True)
class Deal:
    """One won or lost deal; money in dollars, moments in UTC, the day in the business zone."""

    number: int
    won: bool
    at: datetime
    on: date
    by: int
    created: datetime
    amount: Decimal = Decimal(0)
    lead_created: datetime | None = None
    customer: Customer | None = None
    cost: Decimal | None = None


@dataclass(frozen=True)
class Entry:
    """So much of something on a day, for somebody's account."""

    on: date
    by: Employee
    what: str
    amount: Decimal


@dataclass
class Book:
    """All that happened. An entry of "trace" says no more than that somebody shows up."""

    zone: tzinfo
    churn_days: int = 180
    deals: list[Deal] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def add(self, on: date, by: Employee, what: str, amount: Decimal | int = 1) -> None:
        """Enter something."""
        self.entries.append(Entry(on, by, what, Decimal(amount)))

    def day_of(self, at: datetime) -> date:
        """Tell the business day of a moment."""
        return at.astimezone(self.zone).date()


def read_rows(source: Path, name: str) -> list[dict[str, str]]:
    """Read one table."""
    with gzip.open(source / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_clock(text: str, seconds: int = 0) -> datetime:
    """Read a moment of the portal's clock and go on from it in real seconds."""
    start = datetime.fromisoformat(text).replace(tzinfo=PORTAL_CLOCK).astimezone(UTC)
    return start + timedelta(seconds=seconds)
