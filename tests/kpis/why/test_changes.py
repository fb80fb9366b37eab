"""Why revenue changed, from mirror rows: the same numbers as the facts, by source, for the team and for a group."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import translation

from crmsync.models import Employee, Portal, Source, StreamState
from kpis.earlier_periods import cut
from kpis.facts import rebuild
from kpis.models import DailyFact
from kpis.periods import Period, parse_period
from kpis.why.changes import Change, explain_change
from kpis.why.decompose import Flow, Parts
from tests.conftest import Cast
from tests.kpis.mirror import add_deal, add_lead, bury, win_deal

JUNE, JULY = parse_period("2026-06"), parse_period("2026-07")
FIFTH = date(2026, 6, 5), date(2026, 7, 5)


def bring(portal: Portal, on: date, by: Employee | None, *, source: str, leads: int, amounts: tuple[str, ...]) -> None:
    for _ in range(leads):
        add_lead(portal, on, by, source_external_id=source)
    for amount in amounts:
        win_deal(portal, on, by, amount, source_external_id=source)


@pytest.fixture
def summer(portal: Portal, cast: Cast) -> Portal:
    """June with two sources, and July, worth 136,000 more, with a deal of neither beside them."""
    Source.objects.create(portal=portal, external_id="WEB", name="Сайт")
    bring(portal, FIFTH[0], cast.bob, source="WEB", leads=10, amounts=("100000",))
    bring(portal, FIFTH[0], cast.carol, source="CALL", leads=5, amounts=("25000.5", "-0.5"))
    bring(portal, FIFTH[1], cast.bob, source="WEB", leads=18, amounts=("120000", "96000"))
    bring(portal, FIFTH[1], cast.carol, source="CALL", leads=6, amounts=("45000",))
    win_deal(portal, FIFTH[1], None, "0.000001")
    return portal


def sum_facts(portal: Portal, period: Period, **who: Any) -> dict[str, Any]:
    facts = DailyFact.objects.filter(portal=portal, day__gte=period.start, day__lt=period.end, **who)
    sums = facts.aggregate(*map(Sum, ("leads_received", "deals_won", "revenue")))
    return {key.removesuffix("__sum"): value or 0 for key, value in sums.items()}


def equals_facts(flow: Flow, facts: dict[str, Any]) -> bool:
    return (flow.leads, flow.won, flow.revenue) == (facts["leads_received"], facts["deals_won"], facts["revenue"])


def pick(change: Change, key: str) -> tuple[Flow, Flow, Parts]:
    (found,) = [source for source in change.sources if source.key == key]
    return found.before, found.after, found.parts


def test_sources_have_their_flows_and_causes(summer: Portal) -> None:
    before, after, parts = pick(explain_change(summer, JULY, JUNE), "WEB")
    assert (before, after) == (Flow(10, 1, Decimal(100_000)), Flow(18, 2, Decimal(216_000)))
    # 9 leads more at the old mix; a share of 3/4, not 2/3; a conversion of 1/9, not 1/10; 108,000 a deal, not 100,000
    assert parts == Parts(*map(Fraction, (60_000, 20_000, 20_000, 16_000, 0)))


def test_causes_add_up_to_the_difference(summer: Portal) -> None:
    change = explain_change(summer, JULY, JUNE)
    assert change.parts.total == Fraction("136000.000001")
    assert change.parts.total == Fraction(change.after.revenue - change.before.revenue)
    assert change.parts.without_leads == Fraction("0.000001")


def test_greatest_change_comes_first_and_sources_have_names(summer: Portal) -> None:
    with translation.override("en"):
        change = explain_change(summer, JULY, JUNE)
    assert [source.name for source in change.sources] == ["Сайт", "CALL", "without a source"]


def test_totals_of_the_team_are_those_of_the_facts(summer: Portal, cast: Cast) -> None:
    lost = win_deal(summer, FIFTH[1], cast.bob, "7", source_external_id="WEB")
    bury(lost)
    win_deal(summer, FIFTH[1], cast.bob, "9", is_recurring=True)
    win_deal(summer, FIFTH[1], cast.dave, None)
    add_deal(summer, FIFTH[1], cast.dave)
    add_lead(summer, None, cast.dave)
    rebuild(summer)
    change = explain_change(summer, JULY, JUNE)
    assert equals_facts(change.before, sum_facts(summer, JUNE))
    assert equals_facts(change.after, sum_facts(summer, JULY))
    assert change.after == Flow(24, 5, Decimal("261000.000001"))


def test_totals_of_a_group_are_those_of_its_facts(summer: Portal, cast: Cast) -> None:
    bring(summer, FIFTH[1], cast.dave, source="WEB", leads=3, amounts=("5",))
    rebuild(summer)
    group = [cast.alice.pk, cast.bob.pk, cast.carol.pk]
    change = explain_change(summer, JULY, JUNE, employees=group)
    assert equals_facts(change.after, sum_facts(summer, JULY, employee__in=group))
    assert change.after == Flow(24, 3, Decimal(261_000))


def test_one_employee_has_his_own_change(summer: Portal, cast: Cast) -> None:
    change = explain_change(summer, JULY, JUNE, employees=[cast.carol.pk])
    assert [source.key for source in change.sources] == ["CALL"]
    assert change.parts == Parts(*map(Fraction, (5_000, 0, -17_500, 32_500)))


def test_employees_without_records_have_no_change(summer: Portal, cast: Cast) -> None:
    for nobody in ([cast.dave.pk], []):
        change = explain_change(summer, JULY, JUNE, employees=nobody)
        assert (change.sources, change.before, change.parts) == ([], Flow(), Parts())


def test_days_outside_the_periods_do_not_count(summer: Portal, cast: Cast) -> None:
    for day in (date(2026, 5, 31), date(2026, 8, 1)):
        bring(summer, day, cast.bob, source="WEB", leads=1, amounts=("1",))
    win_deal(summer, date(2026, 7, 31), cast.bob, "3", source_external_id="WEB")
    assert explain_change(summer, JULY, JUNE).after.revenue == Decimal("261003.000001")
    assert explain_change(summer, cut(JULY, days=30), JUNE).after.revenue == Decimal("261000.000001")


def test_other_portals_do_not_leak_in(summer: Portal, cast: Cast) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    bring(other, FIFTH[1], None, source="WEB", leads=5, amounts=("1000",))
    Source.objects.create(portal=other, external_id="CALL", name="Чужие звонки")
    change = explain_change(summer, JULY, JUNE)
    assert change.after.leads == 24
    assert {source.name for source in change.sources} >= {"CALL"}


def test_completeness_is_that_of_the_slowest_stream_of_the_mirror(summer: Portal) -> None:
    marks = {"leads": 8, "deals": 7, "deal_history": 5, "currencies": 6, "activities": 1}
    found = []
    for stream, day in marks.items():
        StreamState.objects.create(portal=summer, stream=stream, watermark_at=datetime(2026, 8, day, tzinfo=UTC))
        found.append(explain_change(summer, JULY, JUNE).complete_through)
    slowest = datetime(2026, 8, 5, tzinfo=UTC)
    assert found == [None, None, None, slowest, slowest]


def test_six_queries_answer_however_many_sources(summer: Portal, cast: Cast, django_assert_num_queries: Any) -> None:
    for number in range(20):
        bring(summer, FIFTH[1], cast.bob, source=f"S{number}", leads=1, amounts=("1",))
    with django_assert_num_queries(6):
        explain_change(summer, JULY, JUNE)
