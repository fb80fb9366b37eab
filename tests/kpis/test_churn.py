"""Churn by hand: who is a customer at the start, who at the end, whose he is; windows open on one side."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Q

from crmsync.models import Employee, Portal
from kpis import churn
from kpis.churn import Churn, count_churns
from kpis.evaluate import evaluate
from kpis.models import KpiOptions, Sale
from kpis.options import read_options
from kpis.periods import Period, parse_period, split
from tests.conftest import Cast
from tests.kpis.mirror import win_deal

JULY = parse_period("2026-07")
START, END, W = JULY.start, JULY.end, timedelta(days=180)
DAY = timedelta(days=1)


def buy(portal: Portal, customer: int, on: date, by: Employee, *, kind: int = 4, hour: int = 12) -> None:
    deal = win_deal(portal, on, by, "100")
    at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
    theirs = Sale.objects.filter(portal=portal, customer_type=kind, customer_external_id=customer)
    theirs.filter(won_at__lt=at).filter(Q(next_on=None) | Q(next_on__gt=on)).update(next_on=on)
    later = theirs.filter(won_at__gt=at).order_by("won_at").first()
    Sale.objects.create(
        portal=portal,
        deal=deal,
        won_at=at,
        won_on=on,
        employee=by,
        customer_type=kind,
        customer_external_id=customer,
        next_on=later.won_on if later else None,
    )


def count(portal: Portal, period: Period = JULY, *, employees: list[int] | None = None) -> Churn:
    days = read_options(portal).churn_days
    [found] = count_churns(portal, [period], employees=employees, churn_days=days)
    return found


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
    assert count(portal)[None] == counts


def test_customer_is_credited_by_his_newest_won_deal(portal: Portal, cast: Cast) -> None:
    buy(portal, 7, START - 2 * DAY, cast.bob, hour=9)
    buy(portal, 7, START - 2 * DAY, cast.carol, hour=10)
    buy(portal, 7, START + DAY, cast.bob)
    assert count(portal) == {cast.carol.pk: (0, 1), None: (0, 1)}


def test_group_finds_the_same_as_everybody(portal: Portal, cast: Cast) -> None:
    buy(portal, 7, START - W, cast.bob)
    buy(portal, 7, START - DAY, cast.carol)
    buy(portal, 8, START - W, cast.bob)
    everybody = count(portal)
    assert everybody == {cast.bob.pk: (1, 1), cast.carol.pk: (0, 1), None: (1, 2)}
    for employee in (cast.bob, cast.carol):
        mine = [employee.pk]
        assert count(portal, employees=mine)[employee.pk] == everybody[employee.pk]


def test_company_and_contact_of_the_same_number_are_two_customers(portal: Portal, cast: Cast) -> None:
    buy(portal, 7, START - W, cast.bob, kind=4)
    buy(portal, 7, START - DAY, cast.bob, kind=3)
    assert count(portal)[None] == (1, 2)


def test_window_is_the_portals_choice(portal: Portal, cast: Cast) -> None:
    buy(portal, 7, START - timedelta(days=40), cast.bob)
    assert count(portal)[None] == (0, 1)
    KpiOptions.objects.create(portal=portal, churn_days=60)
    assert count(portal)[None] == (1, 1)


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


def test_random_purchases_are_counted_as_the_definition_says(portal: Portal, cast: Cast) -> None:
    """In periods shorter and longer than the window, by customers who stay away, come back and go again."""
    chance = random.Random(11)
    people, days = [cast.bob, cast.carol], [START + timedelta(days=day) for day in range(-500, 400)]
    chosen = {(chance.choice(days), chance.randrange(9)) for _ in range(40)}
    bought = [(on, customer, chance.choice(people)) for on, customer in sorted(chosen)]
    for on, customer, by in bought:
        buy(portal, customer, on, by)
    for period in map(parse_period, ("2026-07", "2026-Q3", "2026", "2027-01", "2025")):
        newest = {customer: by.pk for on, customer, by in bought if period.start - W <= on < period.start}
        at_end = {customer for on, customer, by in bought if period.end - W <= on < period.end}
        lost = [by for customer, by in newest.items() if customer not in at_end]
        told: Churn = {who: (lost.count(who), list(newest.values()).count(who)) for who in newest.values()}
        assert count(portal, period) == {**told, None: (len(lost), len(newest))}


def test_rows_of_people_are_counted_as_the_database_counts(
    portal: Portal, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    for day in range(0, 900, 13):
        buy(portal, chance.randrange(9), START + timedelta(days=day - 500), chance.choice([cast.bob, cast.carol]))
    months = split(parse_period("2026"), every="month")
    for mine in ([cast.bob.pk], [cast.bob.pk, cast.carol.pk]):
        with monkeypatch.context() as patch:
            patch.setattr(churn, "FEW", 0)
            counted = [count(portal, month, employees=mine) for month in months]
        assert count_churns(portal, months, employees=mine, churn_days=180) == counted
        assert sum(lost for each in counted for lost, _ in each.values())
