"""What counts, read straight from the source tables: the lower half of the oracle; no project code between.

It follows the rules of the README beside this module, and knows nothing of the converted folder.
"""

import csv
import gzip
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

DOLLARS_PER_REAL = Decimal("0.30")
PORTAL_CLOCK = ZoneInfo("Europe/Moscow")
Employee = int | None


@dataclass(frozen=True)
class Sale:
    """One won deal."""

    on: date
    by: int
    amount: Decimal
    cycle: int | None


@dataclass
class Book:
    """All that happened: won deals, received leads, and the days on which somebody shows up at all."""

    sales: list[Sale] = field(default_factory=list)
    leads: list[tuple[date, Employee]] = field(default_factory=list)
    traces: set[tuple[date, Employee]] = field(default_factory=set)


def read_book(source: Path, *, zone: tzinfo = PORTAL_CLOCK) -> Book:
    """Read everything that counts; days are cut in the zone."""
    book = Book()
    _read_maven(book, source, zone)
    _read_olist(book, source, zone)
    book.traces |= {(sale.on, sale.by) for sale in book.sales} | set(book.leads)
    return book


def _rows(source: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(source / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _clock(text: str, seconds: int = 0) -> datetime:
    """Read a moment of the portal's clock and go on from it in real seconds."""
    start = datetime.fromisoformat(text).replace(tzinfo=PORTAL_CLOCK).astimezone(UTC)
    return start + timedelta(seconds=seconds)


def _read_maven(book: Book, source: Path, zone: tzinfo) -> None:
    lines = _rows(source, "sales_teams")
    ids = {row["sales_agent"]: 101 + place for place, row in enumerate(lines)}
    for number, row in enumerate(_rows(source, "sales_pipeline"), start=1):
        created = _clock((row["engage_date"] or "2017-12-31") + " 10:00:00")
        agent = ids[row["sales_agent"]]
        book.traces.add((created.astimezone(zone).date(), agent))
        if not row["close_date"]:
            continue
        at, on = _outcome(number, row["close_date"], zone)
        book.traces.add((on, agent))
        if row["deal_stage"] == "Won":
            cycle = _seconds(created, at)
            book.sales.append(Sale(on, agent, Decimal(row["close_value"]), cycle))


def _outcome(number: int, day: str, zone: tzinfo) -> tuple[datetime, date]:
    """Rules R3 and R4: the moment of an outcome and its business day."""
    if number % 7 == 5:
        on = date.fromisoformat(day)
        return datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC), on
    last = number % 10
    seconds = 900 if last == 1 else 86_399 if last == 2 else 0 if last == 3 else (number * 7919) % 86_400
    at = _clock(f"{day} 00:00:00", seconds)
    return at, at.astimezone(zone).date()


def _seconds(start: datetime, end: datetime) -> int | None:
    seconds = int((end - start).total_seconds())
    return None if seconds < 0 else seconds


def _read_olist(book: Book, source: Path, zone: tzinfo) -> None:
    closed = _rows(source, "olist_closed_deals")
    people = sorted({row["sr_id"] for row in closed} | {row["sdr_id"] for row in closed})
    ids = {code: 201 + place for place, code in enumerate(people)}
    won = {row["mql_id"]: row for row in closed}
    for row in _rows(source, "olist_marketing_qualified_leads"):
        created = _clock(row["first_contact_date"] + " 10:00:00")
        on = created.astimezone(zone).date()
        deal = won.get(row["mql_id"])
        book.leads.append((on, ids[deal["sdr_id"]] if deal else None))
        if deal:
            at = _clock(deal["won_date"])
            amount = Decimal(deal["declared_monthly_revenue"]) * DOLLARS_PER_REAL
            book.sales.append(Sale(at.astimezone(zone).date(), ids[deal["sr_id"]], amount, _seconds(created, at)))
            book.traces.add((on, ids[deal["sr_id"]]))
