"""Shares, corrections and payments: who gets how much of a deal, and that a team counts it once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from crmsync.models import Deal, Portal
from kpis.facts import refill
from kpis.periods import Period, parse_period
from targets.actuals import read_actuals
from targets.credits import Part, share
from targets.errors import PlanError
from targets.models import DealCorrection, DealShare, Payment
from targets.sharing import Correction, correct_deal, drop_correction, share_deal
from tests.conftest import Cast
from tests.kpis.mirror import touch, win_deal
from tests.targets.world import MARCH, NOW

DAY, NEVER = date(2026, 3, 10), date(2027, 1, 1)
APRIL = parse_period("2026-04")


@pytest.fixture
def deal(portal: Portal, cast: Cast) -> Deal:
    """Bob has won a deal of 900 on 10 March."""
    deal = win_deal(portal, DAY, cast.bob, "900")
    touch(portal, DAY, cast.bob)
    refill(portal)
    return deal


def read(portal: Portal, cast: Cast, period: Period = MARCH, **options: Any) -> dict[str, tuple[Any, ...]]:
    """Read deals won, revenue and average of Bob and Carol."""
    people, kpis = (cast.bob, cast.carol), ("deals_won", "revenue", "average_deal")
    found = read_actuals(portal, period, kpis=kpis, employees=[each.pk for each in people], now=NOW, **options)
    return {each.first_name: tuple(found[each.pk][key].result.value for key in kpis) for each in people}


NOBODYS = (0, 0, None)


def test_deal_is_its_owners_alone(portal: Portal, cast: Cast, deal: Deal) -> None:
    assert read(portal, cast) == {"Борис": (1, 900, 900), "Карина": NOBODYS}


def test_shared_deal_is_divided(portal: Portal, cast: Cast, deal: Deal, boss: User) -> None:
    share_deal(deal, {cast.bob: Decimal(70), cast.carol: Decimal(30)}, by=boss, reason="вдвоём")
    assert read(portal, cast) == {
        "Борис": (Decimal("0.7"), 630, 900),
        "Карина": (Decimal("0.3"), 270, 900),
    }


def test_thirds_sum_to_the_deal(portal: Portal, cast: Cast, deal: Deal, boss: User) -> None:
    thirds = {cast.bob: Decimal("33.333333"), cast.carol: Decimal("33.333333"), cast.dave: Decimal("33.333334")}
    share_deal(deal, thirds, by=boss, reason="втроём")
    people = [each.pk for each in thirds]
    found = read_actuals(portal, MARCH, kpis=("deals_won", "revenue"), employees=people, now=NOW)
    totals = [sum(found[who][key].result.value or 0 for who in people) for key in ("deals_won", "revenue")]
    assert totals == [1, 900]


@pytest.mark.parametrize("percents", [("50", "49.999999"), ("110", "-10"), ("100", "0")])
def test_shares_sum_to_a_hundred(cast: Cast, deal: Deal, boss: User, percents: tuple[str, str]) -> None:
    shares = dict(zip((cast.bob, cast.carol), map(Decimal, percents), strict=True))
    with pytest.raises(PlanError):
        share_deal(deal, shares, by=boss, reason="вдвоём")
    assert not DealShare.objects.exists()


def test_shares_are_taken_back(portal: Portal, cast: Cast, deal: Deal, boss: User) -> None:
    share_deal(deal, {cast.carol: Decimal(100)}, by=boss, reason="её")
    share_deal(deal, {}, by=boss, reason="ошибка")
    assert read(portal, cast)["Борис"] == (1, 900, 900)
    assert DealShare.history.filter(history_type="-", history_change_reason="ошибка", history_user=boss).exists()


@pytest.mark.parametrize(
    ("change", "bob", "carol"),
    [
        ({"employee": "carol"}, NOBODYS, (1, 900, 900)),
        ({"amount_base": Decimal(500)}, (1, 500, 500), NOBODYS),
        ({"is_excluded": True}, NOBODYS, NOBODYS),
        ({"closed_on": date(2026, 4, 2)}, NOBODYS, NOBODYS),
        ({"employee": "carol", "amount_base": Decimal(100)}, NOBODYS, (1, 100, 100)),
    ],
)
def test_correction_counts_for_plans(
    portal: Portal, cast: Cast, deal: Deal, boss: User, change: dict[str, Any], bob: Any, carol: Any
) -> None:
    change = change | ({"employee": cast.carol} if "employee" in change else {})
    correct_deal(deal, Correction(reason="спор", expires_on=NEVER, **change), by=boss)
    assert read(portal, cast) == {"Борис": bob, "Карина": carol}


def test_corrected_day_counts_in_its_own_period(portal: Portal, cast: Cast, deal: Deal, boss: User) -> None:
    correct_deal(deal, Correction(reason="спор", expires_on=NEVER, closed_on=date(2026, 4, 2)), by=boss)
    assert read(portal, cast, APRIL)["Борис"] == (1, 900, 900)


def test_expired_correction_changes_nothing(portal: Portal, cast: Cast, deal: Deal, boss: User) -> None:
    correct_deal(deal, Correction(reason="спор", expires_on=DAY, is_excluded=True), by=boss)
    assert read(portal, cast)["Борис"] == (1, 900, 900)


def test_corrected_deal_is_shared_by_its_corrected_amount(portal: Portal, cast: Cast, deal: Deal, boss: User) -> None:
    correct_deal(deal, Correction(reason="спор", expires_on=NEVER, amount_base=Decimal(500)), by=boss)
    share_deal(deal, {cast.bob: Decimal(50), cast.carol: Decimal(50)}, by=boss, reason="вдвоём")
    assert read(portal, cast)["Карина"] == (Decimal("0.5"), 250, 500)


@pytest.mark.parametrize("change", [{}, {"amount_base": Decimal(-1)}])
def test_correction_that_says_nothing_is_refused(deal: Deal, boss: User, change: dict[str, Any]) -> None:
    with pytest.raises(PlanError):
        correct_deal(deal, Correction(reason="спор", expires_on=NEVER, **change), by=boss)
    assert not DealCorrection.objects.exists()


def test_dropped_correction_keeps_its_history(portal: Portal, cast: Cast, deal: Deal, boss: User) -> None:
    row = correct_deal(deal, Correction(reason="спор", expires_on=NEVER, is_excluded=True), by=boss)
    drop_correction(row, by=boss, reason="решено")
    assert read(portal, cast)["Борис"] == (1, 900, 900)
    assert [each.history_change_reason for each in DealCorrection.history.order_by("history_id")] == ["спор", "решено"]


def pay(portal: Portal, deal: Deal, amount: str, on: date, key: str) -> None:
    value = Decimal(amount)
    Payment.objects.create(
        portal=portal, key=key, deal=deal, paid_on=on, amount=value, currency="RUB", amount_base=value
    )


def test_paid_part_counts_when_it_is_paid(portal: Portal, cast: Cast, deal: Deal) -> None:
    pay(portal, deal, "300", DAY, "1")
    pay(portal, deal, "600", date(2026, 4, 2), "2")
    march, april = (read(portal, cast, period, counts_paid=True)["Борис"] for period in (MARCH, APRIL))
    assert (march[1], april[1]) == (300, 600)
    assert march[0] + april[0] == 1
    assert read(portal, cast)["Борис"] == (1, 900, 900)


def test_payment_of_a_deal_that_is_not_won_does_not_count(portal: Portal, cast: Cast, deal: Deal) -> None:
    pay(portal, deal, "300", DAY, "1")
    Deal.objects.update(semantics="P")
    assert read(portal, cast, counts_paid=True)["Борис"] == NOBODYS


def test_payment_is_shared_as_its_deal(portal: Portal, cast: Cast, deal: Deal, boss: User) -> None:
    pay(portal, deal, "300", DAY, "1")
    share_deal(deal, {cast.bob: Decimal(60), cast.carol: Decimal(40)}, by=boss, reason="вдвоём")
    found = read(portal, cast, counts_paid=True)
    assert (found["Борис"][1], found["Карина"][1]) == (180, 120)


@given(st.lists(st.integers(1, 10**8), min_size=1, max_size=6), st.integers(0, 10**15))
def test_shares_conserve(weights: list[int], micros: int) -> None:
    """Whatever the shares that sum to 100, their parts sum to the deal, exactly."""
    amount, left = Decimal(micros) / 10**6, Decimal(100)
    shares: dict[int, Decimal] = {}
    for who, weight in enumerate(weights[1:]):
        shares[who] = (left * weight / sum(weights)).quantize(Decimal("0.000001"))
        left -= shares[who]
    shares[len(weights)] = left
    parts = share(Part(1, 1, "revenue", 0, DAY, amount), shares)
    assert sum((Decimal(part.amount) for part in parts), Decimal(0)) == amount
