"""Amounts of other currencies in base currency, by dated rates. Pure."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

MILLIONTH = Decimal("0.000001")
LIMIT = Decimal("9e12")


@dataclass
class Rates:
    """The rates of one portal, by currency and day."""

    base: str
    days: dict[str, list[date]] = field(default_factory=dict)
    values: dict[str, list[Decimal]] = field(default_factory=dict)

    def find(self, currency: str, on: date) -> Decimal | None:
        """Find the newest rate not later than the day; the oldest known one serves earlier days. *Empty* None."""
        if not currency or currency == self.base:
            return Decimal(1)
        days = self.days.get(currency)
        if not days:
            return None
        return self.values[currency][max(0, bisect_right(days, on) - 1)]

    def convert(self, amount: Decimal | None, currency: str, on: date) -> Decimal | None:
        """Value an amount in base currency. *Units*: millionths, as MoneyField stores them.

        *Empty* None without an amount, without any rate (never 1:1), or beyond what can be stored.
        """
        rate = self.find(currency, on)
        if amount is None or rate is None or abs(amount * rate) >= LIMIT:
            return None
        return (amount * rate).quantize(MILLIONTH)
