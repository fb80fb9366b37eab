"""One story, payload to payout: Alice's team in the first quarter of 2026, every number by hand.

Plan of the quarter, each: revenue 12,000 (weight 60) and 4 deals (weight 40); 50,000 roubles at a score of 100.

Bob wins 4 deals of 2,000 and one of 1,000 that he shares half and half with Carol: 8,500 in 4.5 deals.
Revenue 8,500 / 12,000 = 70.83 %, scores 70.83; deals 4.5 / 4 = 112.5 %, scores 100 + 12.5 × 1.5 = 118.75.
Total 0.6 × 70.8333 + 0.4 × 118.75 = 42.5 + 47.5 = 90: 45,000.

Carol wins 3 deals of 4,000, with half of Bob's deal 12,500 in 3.5 deals.
Revenue 104.1667 % scores 100 + 4.1667 × 1.5 = 106.25; deals 87.5 % scores 87.5.
Total 63.75 + 35 = 98.75: 49,375.

After closing, one of Bob's deals of 2,000 is reopened: 6,500 in 3.5 deals; 54.17 % scores nothing, 87.5 % scores 87.5.
Total 35: 17,500 is owed, 45,000 was paid, so April begins with −27,500.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from crmsync.connect import connect_portal
from crmsync.models import Deal, Employee, Portal
from crmsync.sandbox.server import SandboxServer
from crmsync.sandbox.store import Store
from kpis.facts import refill
from kpis.periods import parse_period
from targets.cells import Cell, write_cells
from targets.models import Adjustment, Scheme, SchemeVersion, Scorecard, State, TargetPlan
from targets.plans import create_plan, publish
from targets.scorecards import compute_plan
from targets.settlement import settle_plan
from targets.sharing import share_deal
from tests.flow.office import BOB, CAROL, Office, make_office_store
from tests.targets.test_scorecards import walk
from tests.targets.world import RULES

NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)
WORKDAYS = [datetime(2026, month, day, 12) for month, day in ((1, 20), (2, 3), (2, 17), (3, 10), (3, 24))]
BOBS, CAROLS = [2000, 2000, 2000, 2000, 1000], [4000, 4000, 4000]


@pytest.fixture
def store() -> Store:
    return make_office_store()


@pytest.fixture
def follow(db: None, server: SandboxServer, run: Callable[..., Any]) -> Iterator[Callable[[], Portal]]:
    """Bring the mirror and the facts up to date with the portal."""
    portal = connect_portal(server.url, name="Ромашка", time_zone="Europe/Moscow").portal
    Portal.objects.filter(pk=portal.pk).update(bucket_leak=0)

    def follow() -> Portal:
        fresh = Portal.objects.get(pk=portal.pk)
        run(fresh)
        refill(fresh)
        return fresh

    yield follow


def make_plan(portal: Portal, key: str, boss: User) -> TargetPlan:
    scheme, is_new = Scheme.objects.get_or_create(portal=portal, name="Продажи")
    if is_new:
        SchemeVersion.objects.create(scheme=scheme, number=1, effective_on=parse_period("2026").start, rules=RULES)
    people = Employee.objects.filter(portal=portal, external_id__in=(BOB, CAROL))
    plan = create_plan(portal, parse_period(key), name="Отдел", scheme=scheme, by=boss, employees=people)
    targets = {"revenue": (Decimal(12000), Decimal(60)), "deals_won": (Decimal(4), Decimal(40))}
    cells = [
        Cell(member=member, kpi=kpi, version=0, values={"value": value, "weight": weight})
        for member in plan.members.values_list("pk", flat=True)
        for kpi, (value, weight) in targets.items()
    ]
    write_cells(plan, cells, by=boss)
    publish(plan, by=boss, now=NOW)
    return plan


def work(office: Office) -> list[int]:
    """Win the quarter's deals, Bob's first."""
    won = [office.win(day, amount=amount, by=BOB) for day, amount in zip(WORKDAYS, BOBS, strict=True)]
    for day, amount in zip(WORKDAYS, CAROLS, strict=False):
        office.win(day, amount=amount, by=CAROL)
    return won


def share_last(portal: Portal, deal: int, boss: User) -> None:
    people = Employee.objects.filter(portal=portal, external_id__in=(BOB, CAROL))
    row = Deal.objects.get(portal=portal, external_id=deal)
    share_deal(row, {who: Decimal(50) for who in people}, by=boss, reason="вели вдвоём")


def read_lines(who: int) -> dict[str, tuple[Any, ...]]:
    """Read a scorecard of the quarter: of each line the actual value, the attainment, the score, what it brings."""
    card = Scorecard.objects.get(employee__external_id=who, period_key="2026-Q1")
    told = {line.kpi: (line.actual, line.attainment, line.score, line.contribution) for line in card.lines.all()}
    return {kpi: tuple(round(value, 4) for value in values if value is not None) for kpi, values in told.items()}


def close(plan: TargetPlan) -> None:
    boss = User.objects.get(username="boss")
    for card in Scorecard.objects.filter(member__plan=plan):
        walk(card, State.CLOSED, boss)


def reopen(office: Office, deal: int, follow: Callable[[], Portal], plan: TargetPlan) -> list[Decimal]:
    """Reopen a deal on the portal weeks later, settle, and list all adjustments."""
    # By the portal's clock, or the next reading would not see it.
    office.move_deal(deal, timezone.localtime(None, office.zone).replace(tzinfo=None), "NEW")
    follow()
    settle_plan(plan, now=NOW)
    return list(Adjustment.objects.order_by("pk").values_list("amount", flat=True))


def test_quarter_of_alices_team(store: Store, follow: Callable[[], Portal], boss: User, capsys: Any) -> None:
    office = Office(store)
    won = work(office)
    portal = follow()
    quarter, april = make_plan(portal, "2026-Q1", boss), make_plan(portal, "2026-04", boss)
    share_last(portal, won[-1], boss)
    for plan in (quarter, april):
        compute_plan(plan, now=NOW)
    assert read_lines(BOB) == {
        "deals_won": (Decimal("4.5"), Decimal("112.5"), Decimal("118.75"), Decimal("47.5")),
        "revenue": (8500, Decimal("70.8333"), Decimal("70.8333"), Decimal("42.5")),
    }
    assert read_lines(CAROL) == {
        "deals_won": (Decimal("3.5"), Decimal("87.5"), Decimal("87.5"), Decimal(35)),
        "revenue": (12500, Decimal("104.1667"), Decimal("106.25"), Decimal("63.75")),
    }
    paid = Scorecard.objects.filter(period_key="2026-Q1").order_by("employee__external_id")
    assert list(paid.values_list("payout", flat=True)) == [Decimal(45000), Decimal(49375)]
    close(quarter)
    call_command("verify_period", "2026-Q1")
    assert capsys.readouterr().out.count("совпадает") == 2
    assert reopen(office, won[0], follow, quarter) == [-27500]
    assert Scorecard.objects.get(employee__external_id=BOB, period_key="2026-04").adjustments.count() == 1
    call_command("verify_period", "2026-Q1")


def test_team_counts_a_shared_deal_once(store: Store, follow: Callable[[], Portal], boss: User) -> None:
    won = work(Office(store))
    portal = follow()
    plan = make_plan(portal, "2026-Q1", boss)
    share_last(portal, won[-1], boss)
    compute_plan(plan, now=NOW)
    assert sum(read_lines(who)["revenue"][0] for who in (BOB, CAROL)) == sum(BOBS) + sum(CAROLS)
    assert sum(read_lines(who)["deals_won"][0] for who in (BOB, CAROL)) == len(BOBS) + len(CAROLS)
