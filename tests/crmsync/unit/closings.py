"""Deals for the rules of outcomes: columns as the rules take them, closed in March 2026 unless a test says else."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from crmsync.conversion import Rates
from crmsync.outcomes import Outcome, settle

MOSCOW = ZoneInfo("Europe/Moscow")
BOB, CAROL = 2, 3
Columns = dict[str, Any]


def at(day: int, hour: int = 12, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def make_deal(**columns: Any) -> Columns:
    """A deal that Bob has won for 100 in base currency, of whose moment nothing is known."""
    deal = {"semantics": "S", "created_at": at(1), "modified_at": None, "moved_at": None, "planned_close_on": None}
    return {**deal, "responsible_id": BOB, "amount": Decimal(100), "currency": "", **columns}


def close(
    deal: Columns,
    *,
    before: Columns | None = None,
    moved_at: datetime | None = None,
    zone: ZoneInfo = MOSCOW,
    rates: Rates | None = None,
) -> Outcome:
    return settle(deal, before=before, moved_at=moved_at, zone=zone, rates=rates or Rates("RUB"))


def mirror(deal: Columns, *, before: Columns | None = None, moved_at: datetime | None = None) -> Columns:
    """Give the columns that the mirror holds after a look at the deal."""
    return {**deal, **close(deal, before=before, moved_at=moved_at).columns()}


def make_rates(**dated: list[tuple[date, str]]) -> Rates:
    """Rates to RUB by currency: (day, rate), oldest first."""
    rates = Rates("RUB")
    for currency, pairs in dated.items():
        rates.days[currency] = [day for day, _ in pairs]
        rates.values[currency] = [Decimal(rate) for _, rate in pairs]
    return rates
