"""The KPIs by an independent, slow and plain road: from the source tables to numbers, no project code between.

It follows the definitions of the KPIs over the events of `book.py`, and knows nothing of the mirror or of the facts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.realdata.book import Book, Employee

KPIS = ("deals_won", "revenue", "average_deal", "lead_conversion", "deal_cycle_time", "emails_sent")


@dataclass(frozen=True)
class Answer:
    """One KPI of one period and one person or the whole team, exact."""

    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None


def list_people(book: Book, start: date, end: date) -> set[int]:
    """List everybody who shows up in the period."""
    return {who for day, who in book.traces if start <= day < end and who is not None}


def answer(book: Book, kpi: str, start: date, end: date, *, employee: Employee = None) -> Answer:
    """Compute one KPI of a half-open period; without an employee, of the whole team.

    Units: money in dollars, cycle seconds over deals with the value in days, conversion in percent.
    """
    sales = [s for s in book.sales if start <= s.on < end and employee in (None, s.by)]
    leads = [who for day, who in book.leads if start <= day < end and employee in (None, who)]
    cycles = [s.cycle for s in sales if s.cycle is not None]
    revenue, won = sum((s.amount for s in sales), Decimal(0)), len(sales)
    if kpi == "deals_won":
        return _count(won)
    if kpi == "revenue":
        return _count(revenue)
    if kpi == "average_deal":
        return _ratio(revenue, won, Decimal(1))
    if kpi == "lead_conversion":
        return _ratio(Decimal(won), len(leads), Decimal(100))
    if kpi == "deal_cycle_time":
        return _ratio(Decimal(sum(cycles)), len(cycles), 1 / Decimal(86_400))
    if kpi == "emails_sent":
        return _count(0)
    raise ValueError(f"no such KPI: {kpi}")


def _count(number: Decimal | int) -> Answer:
    return Answer(Decimal(number), None, Decimal(number))


def _ratio(numerator: Decimal, denominator: int, scale: Decimal) -> Answer:
    value = numerator * scale / denominator if denominator else None
    return Answer(numerator, Decimal(denominator), value)


def list_parts(period: str, every: str) -> Iterable[tuple[str, date, date]]:
    """List the months, quarters or the whole of a year: key, first day, first day after."""
    year = int(period)
    months = {"month": 1, "quarter": 3, "year": 12}[every]
    for first in range(1, 13, months):
        key = {"month": f"{year}-{first:02d}", "quarter": f"{year}-Q{first // 3 + 1}", "year": f"{year}"}[every]
        after = first + months
        yield key, date(year, first, 1), date(year + after // 13, (after - 1) % 12 + 1, 1)
