"""Churn by hand: who is a customer at the start, who at the end, whose he is; windows open on one side."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crmsync.models import Employee, Portal
from kpis.churn import find_churn
from kpis.evaluate import evaluate
from kpis.models import KpiOptions, Sale
from kpis.periods import parse_period
from tests.conftest import Cast
from tests.kpis.mirror import win_deal

JULY = parse_period("2026-07")
START, END, W = JULY.start, JULY.end, timedelta(days=180)
DAY = timedelta(days=1)


def buy(portal: Portal, customer: int, on: date, by: Employee, *, kind: int = 4, hour: int = 12) -> Sale:
    deal = win_deal(portal, on, by, "100")
    at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
    return Sale.objects.create(
        portal=portal, deal=deal, won_at=at, won_on=on, employee=by, customer_type=kind, customer_external_id=customer
    )


@pytest.mark.parametrize(
    ("bought", "counts"),
    [
        ([], (0, 0)),
        ([START], (0, 0)),
        ([START - DAY], (0, 1)),
        ([START - W], (1, 1)),
        ([START - W - DAY], (0, 0)),
        ([END - W - DAY], (1, 1)),
        ([END - W], (0, 1)),
        ([START - W, END - DAY], (0, 1)),
        ([START - W, END], (1, 1)),
        ([START - W - DAY, END - DAY], (0, 0)),
    ],
)
def test_customer_is_lost_when_he_is_one_at_the_start_and_not_at_the_end(
    portal: Portal, cast: Cast, bought: list[date], counts: tuple[int, int]
) -> None:
    for on in bought:
        buy(portal, 7, on, cast.bob)
    assert find_churn(portal, JULY).count(None)[None] == counts


def test_customer_is_credited_by_his_newest_won_deal(portal: Portal, cast: Cast) -> None:
    buy(portal, 7, START - 2 * DAY, cast.bob, hour=9)
    buy(portal, 7, START - 2 * DAY, cast.carol, hour=10)
    buy(portal, 7, START + DAY, cast.bob)
    counts = find_churn(portal, JULY).count(None)
    assert counts == {cast.carol.pk: (0, 1), None: (0, 1)}


def test_group_finds_the_same_as_everybody(portal: Portal, cast: Cast) -> None:
    buy(portal, 7, START - W, cast.bob)
    buy(portal, 7, START - DAY, cast.carol)
    buy(portal, 8, START - W, cast.bob)
    everybody = find_churn(portal, JULY).count(None)
    assert everybody == {cast.bob.pk: (1, 1), cast.carol.pk: (0, 1), None: (1, 2)}
    for employee in (cast.bob, cast.carol):
        mine = [employee.pk]
        assert find_churn(portal, JULY, employees=mine).count(mine)[employee.pk] == everybody[employee.pk]


def test_company_and_contact_of_the_same_number_are_two_customers(portal: Portal, cast: Cast) -> None:
    buy(portal, 7, START - W, cast.bob, kind=4)
    buy(portal, 7, START - DAY, cast.bob, kind=3)
    assert find_churn(portal, JULY).count(None)[None] == (1, 2)


def test_window_is_the_portals_choice(portal: Portal, cast: Cast) -> None:
    buy(portal, 7, START - timedelta(days=40), cast.bob)
    assert find_churn(portal, JULY).count(None)[None] == (0, 1)
    KpiOptions.objects.create(portal=portal, churn_days=60)
    assert find_churn(portal, JULY).count(None)[None] == (1, 1)


def test_year_is_not_the_sum_of_its_months(portal: Portal, cast: Cast) -> None:
    for on in (date(2025, 12, 1), date(2026, 8, 1)):
        buy(portal, 7, on, cast.bob)
    frame = evaluate(portal, parse_period("2026"), every="month", by="team", kpis=["churn_rate"])
    assert sum(frame["numerator"]) == 1
    whole = evaluate(portal, parse_period("2026"), by="team", kpis=["churn_rate"])
    assert whole[["value", "numerator", "denominator"]].to_numpy().tolist() == [[0, 0, 1]]


def test_running_period_ends_with_today(portal: Portal, cast: Cast) -> None:
    buy(portal, 7, START - W + 5 * DAY, cast.bob)
    kpis = ["churn_rate"]
    (early,) = evaluate(portal, JULY, by="team", kpis=kpis, today=START + 4 * DAY)["numerator"]
    (late,) = evaluate(portal, JULY, by="team", kpis=kpis, today=START + 5 * DAY)["numerator"]
    assert (early, late) == (0, 1)
