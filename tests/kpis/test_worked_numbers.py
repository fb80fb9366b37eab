"""The worked numbers of docs/algorithms/facts.md."""

from datetime import date
from decimal import Decimal

import pytest

from crmsync.models import Deal, Portal, Semantics
from kpis.deletions import list_deletions
from kpis.evaluate import evaluate
from kpis.facts import rebuild, refill
from kpis.models import MonthlyFact
from kpis.periods import parse_period
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, bury, touch, win_deal
from tests.kpis.rows import read_cell

SECOND, FIFTH = date(2026, 3, 2), date(2026, 3, 5)
WON_ON_FIFTH = {
    "deals_created": 1,
    "deals_won": 2,
    "revenue": Decimal("100.5"),
    "cycle_seconds": 259_200,
    "cycle_deals": 1,
}


@pytest.fixture
def deal(portal: Portal, cast: Cast) -> Deal:
    deal = win_deal(portal, FIFTH, cast.bob, "100.50", created_on=SECOND, cycle_seconds=259_200)
    win_deal(portal, FIFTH, cast.bob, None, cycle_seconds=None)
    add_lead(portal, FIFTH, None)
    rebuild(portal)
    return deal


def test_cells_hold_the_worked_numbers(portal: Portal, cast: Cast, deal: Deal) -> None:
    assert read_cell(portal, cast.bob, SECOND) == {"deals_created": 1}
    assert read_cell(portal, cast.bob, FIFTH) == WON_ON_FIFTH
    assert read_cell(portal, None, FIFTH) == {"leads_received": 1, "leads_open": 1}


def test_month_holds_the_worked_numbers(portal: Portal, cast: Cast, deal: Deal) -> None:
    month = MonthlyFact.objects.get(employee=cast.bob)
    assert (month.month, month.deals_created, month.deals_won, month.revenue) == (
        date(2026, 3, 1),
        2,
        2,
        Decimal("100.5"),
    )
    assert MonthlyFact.objects.get(employee=None).leads_received == 1


def test_team_has_the_worked_ratios(portal: Portal, deal: Deal) -> None:
    frame = evaluate(portal, parse_period("2026-03"), by="team")
    values = dict(zip(frame["kpi"], frame["value"], strict=True))
    assert values["average_deal"] == Decimal("50.25")
    assert values["deal_cycle_time"] == 3
    assert values["lead_conversion"] == 200


def test_reopened_deal_leaves_the_worked_numbers(portal: Portal, cast: Cast, deal: Deal) -> None:
    deal.semantics, deal.closed_on, deal.credited_to = Semantics.PROCESS, None, None
    deal.amount_base, deal.cycle_seconds = None, None
    deal.save()
    touch(portal, SECOND, cast.bob)
    touch(portal, FIFTH, cast.bob)
    refill(portal)
    assert read_cell(portal, cast.bob, FIFTH) == {"deals_created": 1, "deals_won": 1}
    assert MonthlyFact.objects.get(employee=cast.bob).deals_won == 1


def test_deleted_deal_takes_the_worked_numbers_along(portal: Portal, cast: Cast, deal: Deal) -> None:
    bury(deal)
    rebuild(portal)
    assert read_cell(portal, cast.bob, SECOND) == {}
    assert read_cell(portal, cast.bob, FIFTH) == {"deals_created": 1, "deals_won": 1}
    left = {figure.measure.key: figure.value for figure in list_deletions(portal)[0].left}
    assert left == {"deals_created": 1, **WON_ON_FIFTH, "deals_won": 1}
