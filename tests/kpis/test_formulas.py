"""Every formula of the catalogue on numbers worked by hand: of something, of nothing, without a denominator."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from kpis.catalog import BY_KEY, CATALOG
from kpis.kpi import Number, compute

DAY, HOUR = 86_400, 3_600
# Key, the sums it reads, value, numerator, denominator.
TABLE: list[tuple[str, dict[str, Any], Any, Any, Any]] = [
    ("deals_won", {"deals_won": 3}, 3, 3, None),
    ("revenue", {"revenue": Decimal("350000.5")}, Decimal("350000.5"), Decimal("350000.5"), None),
    ("average_deal", {"revenue": Decimal(250_000), "deals_won": 5}, 50_000, 250_000, 5),
    ("lead_conversion", {"deals_won": 31, "leads_received": 124}, 25, 31, 124),
    ("lead_conversion", {"deals_won": 3, "leads_received": 2}, 150, 3, 2),
    ("lead_conversion_cohort", {"leads_won": 1, "leads_received": 8}, Decimal("12.5"), 1, 8),
    ("deal_cycle_time", {"cycle_seconds": 23 * DAY, "cycle_deals": 1}, 23, 23 * DAY, 1),
    ("deal_cycle_time", {"cycle_seconds": 3 * DAY, "cycle_deals": 2}, Decimal("1.5"), 3 * DAY, 2),
    ("lead_processing_time", {"lead_to_won_seconds": 10 * DAY, "lead_to_won_deals": 4}, Decimal("2.5"), 10 * DAY, 4),
    ("win_rate", {"deals_won": 3, "deals_lost": 1}, 75, 3, 4),
    ("win_rate", {"deals_lost": 2}, 0, 0, 2),
    ("response_time", {"response_seconds": 3_760 * 60, "requests_answered": 1}, 3_760, 3_760 * 60, 1),
    ("response_time", {"response_seconds": 90, "requests_answered": 2}, Decimal("0.75"), 90, 2),
    ("first_response_time", {"first_response_seconds": HOUR, "leads_answered": 4}, 15, HOUR, 4),
    ("emails_sent", {"emails_sent": 20}, 20, 20, None),
    ("calls_made", {"calls_made": 7}, 7, 7, None),
    ("meetings_held", {"meetings_held": 2}, 2, 2, None),
    ("tasks_done", {"tasks_done": 9}, 9, 9, None),
    ("csat", {"csat_satisfied": 10, "csat_responses": 12}, Decimal(1000) / 12, 10, 12),
    ("csat", {"csat_responses": 1}, 0, 0, 1),
    ("csat_response_rate", {"invitations_answered": 3, "invitations_sent": 12}, 25, 3, 12),
    ("positive_reviews", {"reviews_positive": 5}, 5, 5, None),
    ("negative_reviews", {"reviews_negative": 1}, 1, 1, None),
    ("repeat_sales", {"repeat_sales": 4}, 4, 4, None),
    ("profitability", {"revenue_with_cost": Decimal(200), "cost": Decimal(150)}, 25, 50, 200),
    ("profitability", {"revenue_with_cost": Decimal(100), "cost": Decimal(150)}, -50, -50, 100),
    ("cac", {"spend": Decimal(90_000), "new_customers": 6}, 15_000, 90_000, 6),
    ("cac", {"new_customers": 6}, 0, 0, 6),
    ("marketing_roi", {"revenue": Decimal(300), "spend": Decimal(100)}, 200, 200, 100),
    ("marketing_roi", {"spend": Decimal(100)}, -100, -100, 100),
    ("campaign_leads", {"leads_received": 11}, 11, 11, None),
    ("churn_rate", {"customers_lost": 3, "customers_at_start": 12}, 25, 3, 12),
]


@pytest.mark.parametrize(("key", "sums", "value", "numerator", "denominator"), TABLE)
def test_formula_gives_the_worked_number(
    key: str, sums: dict[str, Number], value: Number, numerator: Number, denominator: Number | None
) -> None:
    result = compute(BY_KEY[key], defaultdict(int, sums))
    assert (result.value, result.numerator, result.denominator) == (value, numerator, denominator)


def test_table_has_every_kpi() -> None:
    assert {row[0] for row in TABLE} == set(BY_KEY)


@pytest.mark.parametrize("kpi", CATALOG, ids=lambda kpi: kpi.key)
def test_nothing_is_zero_without_a_denominator_and_undefined_with_one(kpi: Any) -> None:
    result = compute(kpi, defaultdict(int))
    assert result.value == (0 if kpi.denominator is None else None)


@pytest.mark.parametrize(("key", "seconds"), [("response_time", 600), ("first_response_time", 600)])
def test_business_hours_replace_the_clock_on_the_wall(key: str, seconds: int) -> None:
    sums = {"response_seconds": 9000, "response_business_seconds": seconds, "requests_answered": 1}
    sums |= {"first_response_seconds": 9000, "first_response_business_seconds": seconds, "leads_answered": 1}
    assert compute(BY_KEY[key], defaultdict(int, sums), in_business_hours=True).value == 10
    assert compute(BY_KEY[key], defaultdict(int, sums)).value == 150


BESIDE = [
    ("response_time", {"requests": 5, "requests_answered": 3}, {"unanswered": 2}),
    ("first_response_time", {"leads_received": 5, "leads_answered": 5}, {"unanswered": 0}),
    ("lead_conversion_cohort", {"leads_open": 2}, {"leads_open": 2}),
    ("emails_sent", {"deals_won": 1, "revenue": 9}, {"deals_won": 1, "revenue": 9}),
    ("csat", {"csat_score_sum": 9, "csat_responses": 2}, {"mean_score": Decimal("4.5")}),
    ("csat", {}, {"mean_score": None}),
    ("profitability", {"deals_with_cost": 1, "deals_won": 4}, {"known_cost": 25}),
]


@pytest.mark.parametrize(("key", "sums", "shown"), BESIDE)
def test_what_stands_beside_a_kpi(key: str, sums: dict[str, Number], shown: dict[str, Any]) -> None:
    told = {figure.key: compute(figure, defaultdict(int, sums)).value for figure in BY_KEY[key].beside}
    assert told == shown
