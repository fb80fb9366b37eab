"""Mistakes that a product could make, one at least for each KPI: what to plant, and which KPI must betray it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.db.models import Q

from crmsync.models import Deal
from kpis import churn, results
from kpis.derived import costs, deals, leads, pairing, requests, sales
from kpis.measures import BY_KEY, SINCE_LEAD


@dataclass(frozen=True)
class Mistake:
    """A name of `owner` stands for something else, and the KPIs differ."""

    owner: Any
    name: str
    wrong: Any
    kpis: tuple[str, ...]


def measure(key: str, name: str, wrong: Any, *kpis: str) -> Mistake:
    """Declare a measure otherwise."""
    return Mistake(BY_KEY[key], name, wrong, kpis or (key,))


def frames(change: Callable[[pd.DataFrame], pd.DataFrame], right: Callable[..., pd.DataFrame]) -> Callable[..., Any]:
    """Give a function of activities others than it should get."""
    return lambda activities, *rest: right(change(activities), *rest)


def all_linked(portal: Any, chosen: Any) -> set[int | None]:
    """Take every linked deal for a won one."""
    return set(Deal.objects.filter(portal=portal).values_list("lead_external_id", flat=True))


def whichever_owner(activities: pd.DataFrame) -> pd.DataFrame:
    """Take all records for one."""
    return activities.assign(owner=1, owner_type=1)


def no_calls(activities: pd.DataFrame) -> pd.DataFrame:
    """Overlook answered calls."""
    return activities[activities["role"] != pairing.Role.TAKEN]


def at_birth(activities: pd.DataFrame, created: pd.DataFrame) -> pd.DataFrame:
    """Count answers from before the lead was there."""
    return pairing.find_first_answers(activities, created.assign(at=0))


def each_purchase(period: Any, window: Any) -> Any:
    """Count a customer once for each purchase."""
    return Q(won_on__gte=period.start - window, won_on__lt=period.start)


def wait_longer(period: Any, window: Any) -> Any:
    """Take a customer for lost a day later."""
    return is_lost(period, window + pd.Timedelta(days=1).to_pytimedelta())


def by_number(chosen: Any, *, key: Any) -> list[Any]:
    """Rank purchases by the numbers of the deals."""
    return sorted(chosen, key=lambda deal: deal.external_id)


def by_the_wall(*rest: Any, in_business_hours: bool) -> Any:
    """Count the nights as well."""
    return compute(*rest, in_business_hours=False)


is_lost, compute, read_field = churn.is_lost, results.compute, costs.read_field
SCORED = Q(is_confirmed=True)
OWN_IS_CUSTOMER = property(lambda deal: (deals.COMPANY, deal.company) if deal.company else None)

MISTAKES: dict[str, Mistake] = {
    "won when created": measure("deals_won", "dated_by", "created_on", "deals_won", "average_deal", "lead_conversion"),
    "money as it is": measure("revenue", "total", "amount", "revenue", "average_deal", "marketing_roi"),
    "cycle dated by its beginning": measure("cycle_seconds", "dated_by", "created_on", "deal_cycle_time"),
    "lost in one stage only": measure("deals_lost", "where", Q(stage_external_id="LOSE"), "win_rate"),
    "any linked deal wins a lead": Mistake(leads, "read_won", all_linked, ("lead_conversion_cohort",)),
    "leads of known origin only": measure(
        "leads_received", "where", ~Q(source_external_id=""), "campaign_leads", "lead_conversion"
    ),
    "from the lead, credited to nobody": measure("lead_to_won_seconds", "credited_to", None, "lead_processing_time"),
    "from the lead, counted always": measure("lead_to_won_deals", "where", ~SINCE_LEAD, "lead_processing_time"),
    "answers from before the lead": Mistake(leads, "find_first_answers", at_birth, ("first_response_time",)),
    "nights are working time": Mistake(results, "compute", by_the_wall, ("response_time", "first_response_time")),
    "answered calls overlooked": Mistake(
        requests, "pair_requests", frames(no_calls, pairing.pair_requests), ("response_time",)
    ),
    "answers to anybody": Mistake(
        requests, "pair_requests", frames(whichever_owner, pairing.pair_requests), ("response_time",)
    ),
    "letters received": measure("emails_sent", "where", Q(kind="email")),
    "calls received": measure("calls_made", "where", Q(kind="call")),
    "meetings planned": measure("meetings_held", "where", Q(kind="meeting")),
    "tasks open": measure("tasks_done", "where", Q(kind="task")),
    "answers without a confirmation": measure("csat_responses", "where", Q(), "csat"),
    "satisfied from four always": measure("csat_satisfied", "where", SCORED & Q(score__gte=4), "csat"),
    "an unconfirmed answer to an invitation": measure(
        "invitations_answered", "where", Q(answer__isnull=False), "csat_response_rate"
    ),
    "three is positive": measure("reviews_positive", "where", SCORED & Q(score__gte=3), "positive_reviews"),
    "three is negative": measure("reviews_negative", "where", SCORED & Q(score__lte=3), "negative_reviews"),
    "purchases ranked by number": Mistake(sales, "sorted", by_number, ("repeat_sales", "cac")),
    "we are our own customer": Mistake(deals.WonDeal, "customer", OWN_IS_CUSTOMER, ("repeat_sales", "churn_rate")),
    "unknown cost is none": Mistake(costs, "read_field", lambda *known: read_field(*known) or 0, ("profitability",)),
    "costs of all revenue": measure("revenue_with_cost", "where", Q(), "profitability"),
    "spend as it is": measure("spend", "total", "amount", "cac", "marketing_roi"),
    "a customer for each purchase": Mistake(churn, "is_at_start", each_purchase, ("churn_rate",)),
    "customers a day longer": Mistake(churn, "is_lost", wait_longer, ("churn_rate",)),
}
