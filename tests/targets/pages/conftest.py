"""Bob's scorecard of March 2026, and browsers of who may look at it and who may not."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client

from crmsync.models import Portal, Role
from kpis.facts import refill
from targets.models import Scorecard, TargetPlan
from targets.plans import publish
from targets.scorecards import compute_plan
from tests.access.people import browse, enter
from tests.conftest import Cast
from tests.kpis.mirror import touch, win_deal
from tests.targets.world import NOW, make_plan, set_target

Browse = Callable[..., Client]


@pytest.fixture
def plan(portal: Portal, cast: Cast, head: User) -> TargetPlan:
    """Bob is to sell for 1,000 in two deals, 60 : 40; he has sold for 800 in two. Carol has no targets."""
    plan = make_plan(portal, [cast.bob, cast.carol], head)
    set_target(plan, cast.bob, "revenue", "1000", weight="60", by=head)
    set_target(plan, cast.bob, "deals_won", "2", weight="40", by=head)
    publish(plan, by=head, now=NOW)
    for amount in ("300", "500"):
        win_deal(portal, date(2026, 3, 10), cast.bob, amount, title="Тюльпаны")
        touch(portal, date(2026, 3, 10), cast.bob)
    refill(portal)
    compute_plan(plan, now=NOW)
    return plan


@pytest.fixture
def card(plan: TargetPlan, cast: Cast) -> Scorecard:
    return Scorecard.objects.get(employee=cast.bob)


@pytest.fixture
def bob(cast: Cast) -> Client:
    return browse(enter("bob", Role.MANAGER, cast.bob))


@pytest.fixture
def carol(cast: Cast) -> Client:
    return browse(enter("carol", Role.MANAGER, cast.carol))


@pytest.fixture
def alice(cast: Cast) -> Client:
    return browse(enter("head_alice", Role.HEAD, cast.alice))


@pytest.fixture
def dave(cast: Cast) -> Client:
    return browse(enter("dave", Role.HEAD, cast.dave))


@pytest.fixture
def auditor(db: None) -> Client:
    return browse(enter("olga", Role.AUDITOR))
