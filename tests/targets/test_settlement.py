"""What the CRM changes after closing: settled once, further differences only, and zero for a win that comes back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from crmsync.models import CreditChange, Deal, Portal, Semantics
from kpis.facts import refill
from kpis.periods import parse_period
from targets.models import Adjustment, Scorecard, State, TargetPlan
from targets.plans import create_plan, publish
from targets.scorecards import compute_plan
from targets.settlement import find_differences, settle, settle_plan
from tests.conftest import Cast
from tests.kpis.mirror import touch, win_deal
from tests.targets.test_scorecards import walk
from tests.targets.world import NOW, make_plan, set_target

DAY = date(2026, 3, 10)
LATER = datetime(2026, 4, 20, 9, tzinfo=UTC)


@pytest.fixture
def closed(portal: Portal, cast: Cast, head: User, boss: User) -> TargetPlan:
    """Bob sold for 1,000 of 1,000 in March, which was closed with 50,000; April is open."""
    march = make_plan(portal, [cast.bob], head)
    set_target(march, cast.bob, "revenue", "1000", weight="100", by=head)
    publish(march, by=head, now=NOW)
    for amount in ("800", "200"):
        win_deal(portal, DAY, cast.bob, amount)
    april = create_plan(
        portal, parse_period("2026-04"), name="Апрель", scheme=march.scheme, by=head, employees=[cast.bob]
    )
    set_target(april, cast.bob, "revenue", "1000", weight="100", by=head)
    publish(april, by=head, now=NOW)
    follow(portal, cast.bob)
    for plan in (march, april):
        compute_plan(plan, now=NOW)
    walk(Scorecard.objects.get(period_key="2026-03"), State.CLOSED, boss)
    return march


def follow(portal: Portal, who: Any) -> None:
    touch(portal, DAY, who)
    refill(portal)


def reverse(deal: Deal, who: Any) -> None:
    deal.semantics = Semantics.PROCESS if deal.semantics == Semantics.SUCCESS else Semantics.SUCCESS
    deal.save()
    follow(deal.portal, who)


def list_amounts() -> list[Decimal]:
    return list(Adjustment.objects.order_by("pk").values_list("amount", flat=True))


def test_nothing_is_settled_while_nothing_changes(closed: TargetPlan) -> None:
    assert settle_plan(closed, now=LATER) == []


def test_reversed_win_is_a_negative_line_in_the_open_period(closed: TargetPlan, cast: Cast) -> None:
    """800 of 1,000 scores 80: 40,000 is owed, 50,000 was paid."""
    reverse(Deal.objects.get(amount_base=Decimal(200)), cast.bob)
    [adjustment] = settle_plan(closed, now=LATER)
    assert (adjustment.amount, adjustment.dated_on) == (Decimal(-10000), date(2026, 4, 20))
    assert adjustment.origin is not None
    assert (adjustment.scorecard.period_key, adjustment.origin.period_key) == ("2026-04", "2026-03")
    assert Scorecard.objects.get(period_key="2026-03").payout == Decimal(50000)


def test_reversed_and_won_back_is_zero(closed: TargetPlan, cast: Cast) -> None:
    deal = Deal.objects.get(amount_base=Decimal(200))
    for _ in range(4):
        reverse(deal, cast.bob)
        settle_plan(closed, now=LATER)
    assert list_amounts() == [-10000, 10000, -10000, 10000]


def test_later_change_gives_the_further_difference_only(closed: TargetPlan, portal: Portal, cast: Cast) -> None:
    reverse(Deal.objects.get(amount_base=Decimal(200)), cast.bob)
    settle_plan(closed, now=LATER)
    reverse(Deal.objects.get(amount_base=Decimal(800)), cast.bob)
    settle_plan(closed, now=LATER)
    assert list_amounts() == [-10000, -40000]


def test_same_difference_is_settled_once(closed: TargetPlan, cast: Cast) -> None:
    reverse(Deal.objects.get(amount_base=Decimal(200)), cast.bob)
    [seen] = find_differences(closed, now=LATER)
    assert settle(seen, now=LATER) is not None
    assert settle(seen, now=LATER) is None
    assert settle_plan(closed, now=LATER) == []


def test_adjustment_is_paid_with_the_open_period(closed: TargetPlan, portal: Portal, cast: Cast) -> None:
    reverse(Deal.objects.get(amount_base=Decimal(200)), cast.bob)
    settle_plan(closed, now=LATER)
    win_deal(portal, date(2026, 4, 5), cast.bob, "1000")
    touch(portal, date(2026, 4, 5), cast.bob)
    refill(portal)
    compute_plan(TargetPlan.objects.get(period_key="2026-04"), now=LATER)
    april = Scorecard.objects.get(period_key="2026-04")
    assert (april.result["adjustments"], april.payout) == (["-10000.00"], Decimal(40000))


def test_what_does_not_fit_below_zero_carries_over(closed: TargetPlan, cast: Cast, boss: User) -> None:
    """Nothing is sold in April: of the 10,000 that are taken back nothing fits, so they go to the next period."""
    reverse(Deal.objects.get(amount_base=Decimal(200)), cast.bob)
    settle_plan(closed, now=LATER)
    april = TargetPlan.objects.get(period_key="2026-04")
    compute_plan(april, now=LATER)
    card = walk(Scorecard.objects.get(period_key="2026-04"), State.CLOSED, boss)
    assert (card.payout, card.carried_over) == (0, -10000)
    assert [each.amount for each in find_differences(april, now=LATER)] == [-10000]


def test_without_an_open_period_the_difference_waits(closed: TargetPlan, cast: Cast, boss: User) -> None:
    walk(Scorecard.objects.get(period_key="2026-04"), State.CLOSED, boss)
    reverse(Deal.objects.get(amount_base=Decimal(200)), cast.bob)
    assert settle_plan(closed, now=LATER) == []
    assert [each.amount for each in find_differences(closed, now=LATER)] == [-10000]


def test_adjustment_names_the_deals_that_changed(closed: TargetPlan, portal: Portal, cast: Cast) -> None:
    deal = Deal.objects.get(amount_base=Decimal(200))
    CreditChange.objects.create(
        portal=portal, entity=2, external_id=deal.external_id, field="closed", before="2026-03-10T09:00:00Z"
    )
    reverse(deal, cast.bob)
    [adjustment] = settle_plan(closed, now=LATER)
    assert adjustment.records == [deal.external_id]
