"""KPIs by source, campaign and pipeline: worked by hand, and the slices together are the whole."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crmsync.models import Pipeline, Portal, Source
from kpis.breakdown import FIELDS, Slice, break_down
from kpis.catalog import CATALOG
from kpis.evaluate import evaluate
from kpis.facts import rebuild
from kpis.measures import BY_KEY as MEASURES
from kpis.models import MarketingSpend, Sale
from kpis.periods import parse_period
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, bury, win_deal

OCTOBER = parse_period("2026-10")
DAY = date(2026, 10, 5)


def sell(portal: Portal, by: Any, amount: str, *, first: bool = False, **fields: Any) -> None:
    deal = win_deal(portal, DAY, by, amount, **fields)
    Sale.objects.create(
        portal=portal, deal=deal, won_at=datetime(2026, 10, 5, tzinfo=UTC), won_on=DAY, employee=by, is_first=first
    )


def spend(portal: Portal, amount: int, **fields: Any) -> None:
    MarketingSpend.objects.create(portal=portal, day=DAY, amount=amount, **{"amount_base": Decimal(amount)} | fields)


@pytest.fixture
def channels(portal: Portal, cast: Cast) -> Portal:
    Source.objects.create(portal=portal, external_id="WEB", name="Сайт")
    for _ in range(4):
        add_lead(portal, DAY, cast.bob, source_external_id="WEB", utm_campaign="осень")
    add_lead(portal, DAY, None, source_external_id="CALL")
    add_lead(portal, DAY, cast.carol)
    sell(portal, cast.bob, "1000", first=True, source_external_id="WEB", utm_campaign="осень")
    sell(portal, cast.carol, "500", source_external_id="WEB", pipeline_external_id=3)
    spend(portal, 300, source_external_id="WEB", campaign="осень")
    spend(portal, 50, source_external_id="AVITO", kind="sales")
    return portal


def tell(slices: list[Slice], kpi: str) -> dict[tuple[str, ...], Any]:
    return {each.names: each.result.value for each in slices if each.kpi.key == kpi}


@pytest.mark.parametrize(
    ("kpi", "values"),
    [
        ("deals_won", {"Сайт": 2, "CALL": 0, "без источника": 0, "AVITO": 0}),
        ("lead_conversion", {"Сайт": 50, "CALL": 0, "без источника": 0, "AVITO": None}),
        ("average_deal", {"Сайт": 750, "CALL": None, "без источника": None, "AVITO": None}),
        ("cac", {"Сайт": 300, "CALL": None, "без источника": None, "AVITO": None}),
        ("marketing_roi", {"Сайт": 400, "CALL": None, "без источника": None, "AVITO": -100}),
        ("campaign_leads", {"Сайт": 4, "CALL": 1, "без источника": 1, "AVITO": 0}),
    ],
)
def test_source_has_the_worked_number(channels: Portal, kpi: str, values: dict[str, Any]) -> None:
    assert tell(break_down(channels, OCTOBER, ["source"]), kpi) == {(name,): value for name, value in values.items()}


def test_leads_are_told_by_source_and_campaign(channels: Portal) -> None:
    told = tell(break_down(channels, OCTOBER, ["source", "campaign"], kpis=["campaign_leads"]), "campaign_leads")
    assert told == {("Сайт", "осень"): 4, ("CALL", "без кампании"): 1, ("без источника", "без кампании"): 1}


def test_pipelines_have_their_names(channels: Portal) -> None:
    Pipeline.objects.create(portal=channels, external_id=0, name="Продажи")
    told = tell(break_down(channels, OCTOBER, ["pipeline"]), "revenue")
    assert told == {("Продажи",): 1000, ("3",): 500}


def test_group_has_no_costs(channels: Portal, cast: Cast) -> None:
    slices = break_down(channels, OCTOBER, ["source"], employees=[cast.bob.pk])
    assert tell(slices, "lead_conversion") == {("Сайт",): 25}
    assert tell(slices, "cac") == {}


@pytest.mark.parametrize("dimension", FIELDS)
def test_slices_together_are_the_whole(channels: Portal, cast: Cast, dimension: Any) -> None:
    bury(add_lead(channels, DAY, cast.bob, source_external_id="WEB"))
    rebuild(channels)
    whole = evaluate(channels, OCTOBER, by="team").set_index("kpi")
    slices = break_down(channels, OCTOBER, [dimension])
    for kpi in {each.kpi.key for each in slices}:
        mine = [each.result for each in slices if each.kpi.key == kpi]
        assert sum(each.numerator for each in mine) == whole.loc[kpi, "numerator"]
        assert sum(each.denominator or 0 for each in mine) == (whole.loc[kpi, "denominator"] or 0)


@pytest.mark.parametrize("kpi", CATALOG, ids=lambda kpi: kpi.key)
def test_records_of_every_formula_say_to_which_slice_they_belong(kpi: Any) -> None:
    sources = {MEASURES[key].source for key in kpi.shown if key in MEASURES}
    assert all(sources <= set(FIELDS[dimension]) for dimension in kpi.dimensions)
