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


def cut_book(book: Book, start: date, end: date) -> Book:
    """Keep what happened in a half-open period."""
    return Book(
        sales=[sale for sale in book.sales if start <= sale.on < end],
        leads=[(day, who) for day, who in book.leads if start <= day < end],
        traces={(day, who) for day, who in book.traces if start <= day < end},
    )


def list_people(book: Book) -> set[int]:
    """List everybody who shows up."""
    return {who for _, who in book.traces if who is not None}


def answer(book: Book, kpi: str, *, employee: Employee = None) -> Answer:
    """Compute one KPI of all that a book holds; without an employee, of the whole team.

    Units: money in dollars, cycle seconds over deals with the value in days, conversion in percent.
    """
    sales = [sale for sale in book.sales if employee in (None, sale.by)]
    leads = [who for _, who in book.leads if employee in (None, who)]
    cycles = [sale.cycle for sale in sales if sale.cycle is not None]
    revenue, won = sum((sale.amount for sale in sales), Decimal(0)), len(sales)
    answers = {
        "deals_won": lambda: _count(won),
        "revenue": lambda: _count(revenue),
        "average_deal": lambda: _ratio(revenue, won, Decimal(1)),
        "lead_conversion": lambda: _ratio(Decimal(won), len(leads), Decimal(100)),
        "deal_cycle_time": lambda: _ratio(Decimal(sum(cycles)), len(cycles), 1 / Decimal(86_400)),
        "emails_sent": lambda: _count(0),
    }
    return answers[kpi]()


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
