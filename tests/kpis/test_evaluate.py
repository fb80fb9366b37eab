"""KPIs from facts: worked numbers, roll-ups as ratios of sums, complete grids, undefined as None."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pandas import DataFrame

from crmsync.models import Employee, Portal, StreamState, TouchedDay
from kpis.completeness import complete_through
from kpis.evaluate import evaluate
from kpis.facts import rebuild, refill
from kpis.models import MarketingSpend
from kpis.periods import bounds, parse_period
from tests.conftest import DAY_ZERO, Cast
from tests.kpis.mirror import add_lead, send_email, win_deal, win_deal_at
from tests.kpis.talks import days, sell

DAY = 86_400


def pick(frame: DataFrame, kpi: str, employee: Employee | None, period: str | None = None) -> tuple[Any, Any, Any]:
    rows = [
        (row.value, row.numerator, row.denominator)
        for row in frame.itertuples()
        if row.kpi == kpi and row.employee == (employee and employee.pk) and period in (None, row.period)
    ]
    assert len(rows) == 1
    return rows[0]


def test_many_small_deals_lose_to_few_large_ones(portal: Portal, cast: Cast) -> None:
    for _ in range(10):
        win_deal(portal, date(2026, 10, 5), cast.alice, "10000")
    for _ in range(5):
        win_deal(portal, date(2026, 10, 6), cast.bob, "50000")
    rebuild(portal)
    frame = evaluate(portal, parse_period("2026-10"))
    assert pick(frame, "revenue", cast.alice)[0] == 100_000
    assert pick(frame, "revenue", cast.bob)[0] == 250_000
    assert pick(frame, "average_deal", cast.bob) == (50_000, 250_000, 5)
    assert pick(frame, "average_deal", None)[0] == Decimal(350_000) / 15


def test_team_ratio_is_the_ratio_of_sums(portal: Portal, cast: Cast, day_zero: date) -> None:
    for employee, won, leads in ((cast.alice, 1, 10), (cast.bob, 30, 100)):
        for _ in range(won):
            win_deal(portal, day_zero, employee, "1")
        for _ in range(leads):
            add_lead(portal, day_zero, employee)
    rebuild(portal)
    frame = evaluate(portal, parse_period("2026-03"), kpis=["lead_conversion"])
    assert pick(frame, "lead_conversion", cast.alice)[0] == 10
    value, numerator, denominator = pick(frame, "lead_conversion", None)
    assert (round(value, 1), numerator, denominator) == (Decimal("28.2"), 31, 110)


def test_longer_period_is_the_ratio_of_sums(portal: Portal, cast: Cast) -> None:
    win_deal(portal, date(2026, 1, 5), cast.bob, "100")
    for _ in range(3):
        win_deal(portal, date(2026, 2, 5), cast.bob, "20")
    rebuild(portal)
    assert pick(evaluate(portal, parse_period("2026-Q1")), "average_deal", cast.bob)[0] == 40


def test_ratio_without_denominator_is_undefined(portal: Portal, cast: Cast, day_zero: date) -> None:
    send_email(portal, day_zero, cast.bob)
    rebuild(portal)
    frame = evaluate(portal, parse_period("2026-03"))
    for kpi in ("average_deal", "lead_conversion", "deal_cycle_time"):
        assert pick(frame, kpi, cast.bob) == (None, 0, 0)
    assert pick(frame, "deals_won", cast.bob) == (0, 0, None)


def test_cycle_is_exact_in_days(portal: Portal, cast: Cast, day_zero: date) -> None:
    win_deal(portal, day_zero, cast.bob, "1", cycle_seconds=23 * DAY)
    rebuild(portal)
    frame = evaluate(portal, parse_period("2026-03"))
    assert pick(frame, "deal_cycle_time", cast.bob) == (23, 23 * DAY, 1)


@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/New_York", "Pacific/Apia"])
def test_deals_on_both_sides_of_midnight_belong_to_their_months(portal: Portal, cast: Cast, zone: str) -> None:
    portal.time_zone = zone
    for won_at in (datetime(2026, 1, 31, 23, 45), datetime(2026, 2, 1, 0, 15), datetime(2026, 2, 1, 0, 0)):
        win_deal_at(portal, won_at.replace(tzinfo=portal.zone), cast.bob, "1")
    rebuild(portal)
    frame = evaluate(portal, parse_period("2026"), every="month", by="team", kpis=["deals_won"])
    assert [(row.period, row.value) for row in frame.itertuples() if row.value] == [("2026-01", 1), ("2026-02", 2)]


def test_deal_won_after_midnight_in_moscow_is_februarys_although_utc_says_january(portal: Portal, cast: Cast) -> None:
    won_at = datetime(2026, 1, 31, 21, 15, tzinfo=UTC)
    win_deal_at(portal, won_at, cast.bob, "1")
    rebuild(portal)
    february = parse_period("2026-02")
    start, end = bounds(february, portal.zone)
    assert start <= won_at < end
    assert pick(evaluate(portal, february), "deals_won", cast.bob)[0] == 1


def test_parts_of_every_size_sum_to_the_whole(portal: Portal, cast: Cast) -> None:
    for offset in range(0, 365, 5):
        win_deal(portal, date(2026, 1, 1) + timedelta(days=offset), cast.bob, "0.01")
    rebuild(portal)
    year = parse_period("2026")
    whole = pick(evaluate(portal, year), "revenue", cast.bob)[0]
    for every in ("day", "week", "month", "quarter"):
        frame = evaluate(portal, year, every=every, by="employee", kpis=["revenue"])
        assert sum(frame["value"]) == whole == Decimal("0.73")


def test_grid_is_complete_over_the_parts(portal: Portal, cast: Cast) -> None:
    send_email(portal, date(2026, 1, 10), cast.bob)
    send_email(portal, date(2026, 3, 10), cast.carol)
    rebuild(portal)
    frame = evaluate(portal, parse_period("2026-Q1"), every="month", kpis=["emails_sent"])
    rows = [(row.period, row.employee, row.value) for row in frame.itertuples()]
    bob, carol = cast.bob.pk, cast.carol.pk
    assert rows == [
        *[("2026-01", bob, 1), ("2026-01", carol, 0), ("2026-01", None, 1)],
        *[("2026-02", bob, 0), ("2026-02", carol, 0), ("2026-02", None, 0)],
        *[("2026-03", bob, 0), ("2026-03", carol, 1), ("2026-03", None, 1)],
    ]


def test_team_includes_what_nobody_is_responsible_for(portal: Portal, cast: Cast, day_zero: date) -> None:
    send_email(portal, day_zero, None)
    send_email(portal, day_zero, cast.bob)
    rebuild(portal)
    frame = evaluate(portal, parse_period("2026-03-02"), kpis=["emails_sent"])
    assert [(row.employee, row.value) for row in frame.itertuples()] == [(cast.bob.pk, 1), (None, 2)]


@pytest.mark.parametrize(("by", "employees"), [("employee", 1), ("team", 1), ("both", 2)])
def test_rows_are_those_asked_for(portal: Portal, cast: Cast, day_zero: date, by: Any, employees: int) -> None:
    send_email(portal, day_zero, cast.bob)
    rebuild(portal)
    frame = evaluate(portal, parse_period("2026-03"), by=by, kpis=["emails_sent"])
    assert len(frame) == employees
    assert (frame["employee"].isna().any(), frame["employee"].notna().any()) == (by != "employee", by != "team")


@pytest.mark.parametrize("period", ["2026", "2026-W10", "2026-03-02"])
def test_empty_portal_has_a_team_of_zeros(portal: Portal, period: str) -> None:
    frame = evaluate(portal, parse_period(period))
    assert pick(frame, "revenue", None) == (Decimal(0), Decimal(0), None)
    assert pick(frame, "average_deal", None) == (None, Decimal(0), 0)
    assert isinstance(pick(frame, "revenue", None)[0], Decimal)


def test_days_outside_the_period_do_not_count(portal: Portal, cast: Cast) -> None:
    for day in (date(2026, 10, 4), date(2026, 10, 5), date(2026, 10, 11), date(2026, 10, 12)):
        send_email(portal, day, cast.bob)
    rebuild(portal)
    assert pick(evaluate(portal, parse_period("2026-W41")), "emails_sent", cast.bob)[0] == 2


def test_data_is_complete_through_its_slowest_stream(portal: Portal, day_zero: date) -> None:
    marks = {"deals": 9, "deal_history": 8, "currencies": 10, "leads": None}
    for stream, hour in marks.items():
        at = datetime(2026, 3, 2, hour, tzinfo=portal.zone) if hour else None
        StreamState.objects.create(portal=portal, stream=stream, watermark_at=at)
    assert complete_through(portal, ["deals", "deal_history"]) == datetime(2026, 3, 2, 8, tzinfo=portal.zone)
    assert complete_through(portal, ["deals", "leads"]) is None
    assert complete_through(portal, ["deals", "activities"]) is None


def test_numbers_are_no_further_than_the_facts(portal: Portal, cast: Cast, day_zero: date) -> None:
    filled, read = (datetime(2026, 3, 2, hour, tzinfo=portal.zone) for hour in (9, 10))
    state = StreamState.objects.create(portal=portal, stream="deals", watermark_at=filled)
    rebuild(portal)
    touched = TouchedDay.objects.create(portal=portal, employee=cast.bob, day=day_zero)
    StreamState.objects.filter(pk=state.pk).update(watermark_at=read)
    assert complete_through(portal, ["deals"]) == filled
    touched.delete()
    assert complete_through(portal, ["deals"]) == read


def test_refill_brings_the_numbers_as_far_as_the_mirror(portal: Portal, cast: Cast, day_zero: date) -> None:
    TouchedDay.objects.create(portal=portal, employee=cast.bob, day=day_zero)
    at = datetime(2026, 3, 2, 10, tzinfo=portal.zone)
    StreamState.objects.create(portal=portal, stream="deals", watermark_at=at)
    assert complete_through(portal, ["deals"]) is None
    refill(portal)
    assert complete_through(portal, ["deals"]) == at


def test_what_only_a_whole_team_has_is_no_data_for_a_part_of_it(portal: Portal, cast: Cast) -> None:
    sell(portal, days(0), cast.bob, contact=8)
    spent = Decimal(500)
    MarketingSpend.objects.create(portal=portal, day=DAY_ZERO, amount=spent, amount_base=spent, currency="RUB")
    rebuild(portal)
    asked: Any = {"kpis": ["cac"], "by": "team"}
    assert pick(evaluate(portal, parse_period("2026-03"), **asked), "cac", None) == (500, 500, 1)
    partial = evaluate(portal, parse_period("2026-03"), employees=[cast.bob.pk], **asked)
    assert pick(partial, "cac", None) == (None, 0, 1)
