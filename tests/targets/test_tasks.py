"""The queue wakes workers: published plans are computed, closed scorecards settled, drafts left alone."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.models import User

from crmsync.models import Portal
from kpis.facts import refill
from targets.due import list_followed, list_settled
from targets.models import Adjustment, Scorecard, State
from targets.plans import publish
from targets.tasks import compute_scorecards, settle_scorecards
from tests.conftest import Cast
from tests.kpis.mirror import touch, win_deal
from tests.targets.test_scorecards import walk
from tests.targets.world import NOW, make_plan, set_target


def test_draft_is_left_alone_and_a_published_plan_is_followed(portal: Portal, cast: Cast, head: User) -> None:
    plan = make_plan(portal, [cast.bob], head)
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    assert list_followed(NOW) == []
    publish(plan, by=head, now=NOW)
    assert list_followed(NOW) == [plan.pk]
    compute_scorecards(plan.pk)
    assert Scorecard.objects.get().payout == 0


def test_closed_plan_is_settled_and_not_followed(portal: Portal, cast: Cast, head: User, boss: User) -> None:
    plan = make_plan(portal, [cast.bob], head)
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    publish(plan, by=head, now=NOW)
    compute_scorecards(plan.pk)
    walk(Scorecard.objects.get(), State.CLOSED, boss)
    assert (list_followed(NOW), list_settled(NOW)) == ([], [plan.pk])
    settle_scorecards(plan.pk)
    assert not Adjustment.objects.exists()


def test_new_deal_reaches_the_scorecard(portal: Portal, cast: Cast, head: User) -> None:
    plan = make_plan(portal, [cast.bob], head)
    set_target(plan, cast.bob, "revenue", "1000", weight="100", by=head)
    publish(plan, by=head, now=NOW)
    win_deal(portal, date(2026, 3, 10), cast.bob, "1000")
    touch(portal, date(2026, 3, 10), cast.bob)
    refill(portal)
    compute_scorecards(plan.pk)
    assert Scorecard.objects.get().payout == Decimal(50000)
