"""Comparisons by hand: the period before, a year before, cut where a period is running; norms, samples, intervals."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmsync.models import Employee, Portal, StreamState
from kpis.compare import Reading, compare
from kpis.facts import rebuild
from kpis.models import DailyFact, KpiSetting, MonthlyFact
from kpis.norms import Position
from kpis.periods import parse_period
from kpis.ranking import rank_employees
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, win_deal

OCTOBER = parse_period("2026-10")
LATER = datetime(2026, 12, 31, tzinfo=UTC)


def read(portal: Portal, key: str, employee: Employee | None = None, **options: Any) -> Reading:
    asked: dict[str, Any] = {"period": OCTOBER, "now": LATER, "kpis": [key]} | options
    found = compare(portal, **asked)
    (reading,) = [each for each in found if each.employee == (employee and employee.pk)]
    return reading


@pytest.fixture
def sales(portal: Portal, cast: Cast) -> Portal:
    for month, count in ((date(2025, 10, 1), 4), (date(2026, 9, 1), 5), (OCTOBER.start, 6)):
        for number in range(count):
            win_deal(portal, month + timedelta(days=5 * number), cast.bob, "100", cycle_seconds=86_400 * (number + 1))
    rebuild(portal)
    return portal


def test_change_is_told_in_both_terms(sales: Portal, cast: Cast) -> None:
    reading = read(sales, "deals_won", cast.bob)
    assert (reading.previous.period.key, reading.previous.value) == ("2026-09", 5)
    assert (reading.previous.change, reading.previous.relative) == (1, 20)
    assert (reading.year_before.period.key, reading.year_before.value, reading.year_before.relative) == (
        "2025-10",
        4,
        50,
    )


@pytest.mark.parametrize(("today", "before"), [(1, 1), (6, 2), (11, 3), (31, 5)])
def test_running_period_is_compared_with_as_many_days(sales: Portal, cast: Cast, today: int, before: int) -> None:
    reading = read(sales, "deals_won", cast.bob, now=datetime(2026, 10, today, 9, tzinfo=UTC))
    assert reading.previous.value == before


def test_undefined_value_is_compared_with_nothing(sales: Portal, cast: Cast) -> None:
    add_lead(sales, OCTOBER.start, cast.bob)
    rebuild(sales)
    conversion = read(sales, "lead_conversion", cast.bob)
    assert (conversion.result.value, conversion.previous.value, conversion.previous.change) == (600, None, None)


def test_growth_from_nothing_has_no_percentage(sales: Portal, cast: Cast) -> None:
    reading = read(sales, "deals_won", cast.bob, period=parse_period("2026-09"))
    assert (reading.previous.value, reading.previous.change, reading.previous.relative) == (0, 5, None)


def test_colleague_without_earlier_facts_had_nothing(sales: Portal, cast: Cast) -> None:
    win_deal(sales, OCTOBER.start, cast.carol, "1")
    rebuild(sales)
    assert read(sales, "deals_won", cast.carol).previous.value == 0


def test_sample_is_the_denominator_or_what_is_declared(sales: Portal, cast: Cast) -> None:
    assert read(sales, "average_deal", cast.bob).records == 6
    assert read(sales, "revenue", cast.bob).records == 6


def test_mean_has_its_median_and_percentile_beside(sales: Portal, cast: Cast) -> None:
    spread = read(sales, "deal_cycle_time", cast.bob).spread
    # Of 1, 2, 3, 4, 5, 6 days: halfway between the third and fourth; 4.5 steps of 5 from the first.
    assert spread and (spread.median, spread.high) == (Decimal("3.5"), Decimal("5.5"))


def test_history_is_thirteen_months_that_end_with_the_period(sales: Portal, cast: Cast) -> None:
    history = read(sales, "deals_won", cast.bob, employees=[cast.bob.pk], with_history=True).history
    assert (len(history), history[0], history[-2], history[-1]) == (13, ("2025-10", 4), ("2026-09", 5), ("2026-10", 6))


def test_own_history_is_the_norm_once_there_is_enough(sales: Portal, cast: Cast) -> None:
    for month, cycle in ((7, 2), (8, 4)):
        win_deal(sales, date(2026, month, 1), cast.bob, "1", cycle_seconds=86_400 * cycle)
    rebuild(sales)
    standing = read(sales, "deal_cycle_time", cast.bob, employees=[cast.bob.pk], with_history=True).standing
    # The months' means are 2.5 (October 2025), 2, 4 and 3 (September); this one's is 3.5, and less is better.
    assert (standing.low, standing.position, standing.is_met) == (Decimal("2.75"), Position.ABOVE, False)
    assert read(sales, "deal_cycle_time", cast.bob).standing.is_met is None


@pytest.mark.parametrize(
    ("low", "high", "position", "is_met"),
    [(None, None, Position.ABOVE, True), (600, None, Position.WITHIN, True), (601, 700, Position.BELOW, False)],
)
def test_norm_is_the_portals_own_where_it_has_one(
    sales: Portal, cast: Cast, low: int | None, high: int | None, position: Position, is_met: bool
) -> None:
    add_lead(sales, OCTOBER.start, cast.bob)
    rebuild(sales)
    KpiSetting.objects.create(portal=sales, kpi="lead_conversion", norm_low=low, norm_high=high)
    standing = read(sales, "lead_conversion", cast.bob).standing
    assert (standing.position, standing.is_met) == (position, is_met)


def give_answers(portal: Portal, employee: Employee, satisfied: int, answers: int) -> None:
    told = {"csat_responses": answers, "csat_satisfied": satisfied, "portal": portal, "employee": employee}
    DailyFact.objects.create(day=OCTOBER.start, **told)
    MonthlyFact.objects.create(month=OCTOBER.start, **told)


@pytest.mark.parametrize(("satisfied", "is_met"), [(4, False), (5, True)])
def test_more_than_eighty_is_not_met_by_eighty(portal: Portal, cast: Cast, satisfied: int, is_met: bool) -> None:
    give_answers(portal, cast.bob, satisfied, 5)
    assert read(portal, "csat", cast.bob).standing.is_met is is_met


def test_share_says_how_sure_it_is(portal: Portal, cast: Cast) -> None:
    give_answers(portal, cast.bob, 2, 2)
    interval = read(portal, "csat", cast.bob).interval
    assert interval and [round(each, 1) for each in interval] == [Decimal("34.2"), 100]


def test_two_of_two_do_not_rank_above_ten_of_twelve(portal: Portal, cast: Cast) -> None:
    give_answers(portal, cast.bob, 2, 2)
    give_answers(portal, cast.carol, 10, 12)
    MonthlyFact.objects.create(portal=portal, employee=cast.alice, month=OCTOBER.start, deals_won=1)
    ranked = [(place.employee, place.rank) for place in rank_employees(portal, OCTOBER, "csat")]
    assert ranked == [(cast.carol.pk, 1), (cast.bob.pk, 2), (cast.alice.pk, None)]


def test_less_is_better_where_the_kpi_says_so_and_equals_share_a_rank(sales: Portal, cast: Cast) -> None:
    for employee, days in ((cast.alice, 9), (cast.carol, 1), (cast.dave, 1)):
        win_deal(sales, OCTOBER.start, employee, "1", cycle_seconds=86_400 * days)
    rebuild(sales)
    ranked = [(place.employee, place.rank) for place in rank_employees(sales, OCTOBER, "deal_cycle_time")]
    assert ranked == [(cast.carol.pk, 1), (cast.dave.pk, 1), (cast.bob.pk, 3), (cast.alice.pk, 4)]


def test_reading_is_as_complete_as_its_slowest_stream(sales: Portal, cast: Cast) -> None:
    marks = {"deals": datetime(2026, 11, 2, tzinfo=UTC), "deal_history": datetime(2026, 11, 1, tzinfo=UTC)}
    for stream, at in marks.items():
        StreamState.objects.create(portal=sales, stream=stream, watermark_at=at)
    assert read(sales, "deals_won").through == marks["deal_history"]
    assert read(sales, "lead_conversion").through is None
    assert read(sales, "csat").through == LATER


def test_group_is_its_own_team(sales: Portal, cast: Cast) -> None:
    win_deal(sales, OCTOBER.start, cast.dave, "1")
    rebuild(sales)
    assert read(sales, "deals_won", employees=[cast.bob.pk, cast.carol.pk]).result.value == 6
    assert read(sales, "deals_won").result.value == 7


def test_queries_do_not_grow_with_the_kpis(sales: Portal, cast: Cast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(16):
        compare(sales, OCTOBER, now=LATER, employees=[cast.bob.pk], with_history=True)
