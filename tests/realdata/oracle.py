"""The KPIs by an independent, slow and plain road: from the source tables to numbers, no project code between.

It follows the definitions of the KPIs over the events of the book, and knows nothing of the mirror or of the facts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.realdata.book import Book, Customer, Deal, Employee
from tests.realdata.book_costs import enter_reviews, enter_spend
from tests.realdata.book_deals import enter_maven, enter_olist, enter_sales
from tests.realdata.book_hours import count_seconds, count_work_seconds
from tests.realdata.book_talks import enter_first_answers, enter_talks, read_talks
from tests.realdata.scenario import PLAIN, Scenario

HUNDRED, ONE, DAYS, MINUTES = (100, 1), (1, 1), (1, 86_400), (1, 60)
Formula = tuple[str, str, tuple[int, int]]
# What is added up, what it is divided by, and its unit: times this, over that; a minus takes away.
FORMULAS: dict[str, Formula] = {
    "deals_won": ("deals_won", "", ONE),
    "revenue": ("revenue", "", ONE),
    "average_deal": ("revenue", "deals_won", ONE),
    "lead_conversion": ("deals_won", "leads_received", HUNDRED),
    "lead_conversion_cohort": ("leads_won", "leads_received", HUNDRED),
    "deal_cycle_time": ("cycle_seconds", "cycle_deals", DAYS),
    "lead_processing_time": ("lead_to_won_seconds", "lead_to_won_deals", DAYS),
    "win_rate": ("deals_won", "deals_won deals_lost", HUNDRED),
    "response_time": ("response_seconds", "requests_answered", MINUTES),
    "first_response_time": ("first_response_seconds", "leads_answered", MINUTES),
    "emails_sent": ("emails_sent", "", ONE),
    "calls_made": ("calls_made", "", ONE),
    "meetings_held": ("meetings_held", "", ONE),
    "tasks_done": ("tasks_done", "", ONE),
    "csat": ("csat_satisfied", "csat_responses", HUNDRED),
    "csat_response_rate": ("invitations_answered", "invitations_sent", HUNDRED),
    "positive_reviews": ("reviews_positive", "", ONE),
    "negative_reviews": ("reviews_negative", "", ONE),
    "repeat_sales": ("repeat_sales", "", ONE),
    "profitability": ("revenue_with_cost -cost", "revenue_with_cost", HUNDRED),
    "cac": ("spend", "new_customers", ONE),
    "marketing_roi": ("revenue -spend", "spend", HUNDRED),
    "campaign_leads": ("leads_received", "", ONE),
    "churn_rate": ("customers_lost", "customers_at_start", HUNDRED),
}
KPIS = tuple(FORMULAS)
# Nobody's account bears the costs of marketing, so that these have no value for one person.
TEAM_ONLY = ("cac", "marketing_roi")


@dataclass(frozen=True)
class Answer:
    """One KPI of one period and one person or the whole team, exact."""

    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None


@dataclass
class Cut:
    """What a period comes to: sums for each person, and for the team as a whole."""

    people: dict[Employee, dict[str, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    team: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    seen: set[int] = field(default_factory=set)

    def add(self, by: Employee, what: str, amount: Decimal | int = 1) -> None:
        """Add to somebody's account and to the team's."""
        self.people[by][what] += amount
        self.team[what] += amount


def read_book(source: Path, folder: Path, scenario: Scenario = PLAIN) -> Book:
    """Read everything that counts from the tables, and the activities from the folder made of them."""
    zone = ZoneInfo(scenario.zone)
    book = Book(zone, scenario.churn_days)
    length = partial(count_work_seconds, zone=zone) if scenario.business_hours else count_seconds
    enter_maven(book, source, costs=scenario.costs)
    leads, talks = enter_olist(book, source, costs=scenario.costs), read_talks(folder)
    enter_sales(book)
    enter_talks(book, talks, length=length)
    enter_first_answers(book, talks, leads, length=length)
    enter_reviews(book, source, satisfied_from=scenario.satisfied_from)
    if scenario.costs:
        enter_spend(book, source)
    return book


def cut_book(book: Book, start: date, end: date) -> Cut:
    """Add up what happened in a half-open period, and count the customers at both its ends."""
    cut = Cut()
    for entry in book.entries:
        if start <= entry.on < end:
            cut.add(entry.by, entry.what, entry.amount)
            cut.seen |= set() if entry.by is None else {entry.by}
    before, after = (find_customers(book, day) for day in (start, end))
    for customer, newest in before.items():
        cut.add(newest.by, "customers_at_start")
        cut.add(newest.by, "customers_lost", int(customer not in after))
    return cut


def find_customers(book: Book, day: date) -> dict[Customer, Deal]:
    """Find who is a customer as a day begins, and the newest deal of each."""
    first = day - timedelta(days=book.churn_days)
    won = [deal for deal in book.deals if deal.won and deal.customer and first <= deal.on < day]
    return {deal.customer: deal for deal in sorted(won, key=lambda deal: (deal.at, deal.number)) if deal.customer}


def list_people(cut: Cut) -> set[int]:
    """List everybody who shows up, and those whom no more than customers of an earlier time are credited to."""
    return {who for who in cut.people if who is not None}


def answer(cut: Cut, kpi: str, *, employee: Employee = None) -> Answer:
    """Compute one KPI of a period; without an employee, of the whole team.

    Units: money in dollars, durations in days or minutes over seconds, shares in percent.
    """
    sums = cut.team if employee is None else cut.people.get(employee, {})
    above, below, (times, over) = FORMULAS[kpi]
    numerator, denominator = _add_up(sums, above), _add_up(sums, below)
    if not below:
        return Answer(numerator, None, numerator)
    has_value = denominator and not (kpi in TEAM_ONLY and employee is not None)
    return Answer(numerator, denominator, numerator * times / (denominator * over) if has_value else None)


def _add_up(sums: dict[str, Decimal], terms: str) -> Decimal:
    signed = ((-1 if term.startswith("-") else 1, term.removeprefix("-")) for term in terms.split())
    return sum((sign * sums.get(term, Decimal(0)) for sign, term in signed), Decimal(0))


def list_parts(period: str, every: str) -> Iterable[tuple[str, date, date]]:
    """List the months, quarters or the whole of a year: key, first day, first day after."""
    year = int(period)
    months = {"month": 1, "quarter": 3, "year": 12}[every]
    for first in range(1, 13, months):
        key = {"month": f"{year}-{first:02d}", "quarter": f"{year}-Q{first // 3 + 1}", "year": f"{year}"}[every]
        after = first + months
        yield key, date(year, first, 1), date(year + after // 13, (after - 1) % 12 + 1, 1)
