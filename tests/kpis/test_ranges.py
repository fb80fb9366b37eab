"""Fills of everything by ranges of days: how they are cut, that they can be killed, and what is touched meanwhile."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from crmsync.models import Portal, StreamState, TouchedDay
from kpis import ranges
from kpis.cells import refill_batch
from kpis.completeness import complete_through
from kpis.facts import rebuild, refill
from kpis.fillings import Filled
from kpis.models import DailyFact, FillRange, MonthlyFact
from kpis.ranges import cut_ranges, fill_range, plan, plan_touched
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, send_email, touch, win_deal
from tests.kpis.rows import read_cell, read_facts

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
CUTS: list[tuple[dict[date, int], list[date]]] = [
    ({}, []),
    ({JANUARY: 5}, []),
    ({JANUARY: 9, FEBRUARY: 1, MARCH: 1}, [MARCH]),
    ({MARCH: 1, JANUARY: 10, FEBRUARY: 10}, [FEBRUARY, MARCH]),
    ({JANUARY: 1, MARCH: 99}, []),
    ({JANUARY: 99, MARCH: 1}, [MARCH]),
]


@pytest.fixture
def quarter(portal: Portal, cast: Cast) -> Portal:
    """Three months with facts, an edge day in each."""
    for month in (JANUARY, FEBRUARY, MARCH):
        send_email(portal, month, cast.bob)
        win_deal(portal, month + timedelta(days=27), cast.carol, "0.1", created_on=JANUARY)
        add_lead(portal, month, None)
    return portal


def read_rebuilt(portal: Portal) -> Any:
    rebuild(portal)
    return read_facts(portal)


@pytest.mark.parametrize(("months", "starts"), CUTS)
def test_ranges_begin_with_months_and_hold_enough_records(months: dict[date, int], starts: list[date]) -> None:
    assert cut_ranges(months, records=10) == [date.min, *starts]


def test_ranges_leave_no_gap(quarter: Portal) -> None:
    plan(quarter, records=1)
    found = list(FillRange.objects.order_by("start_on").values_list("start_on", "end_on"))
    assert found == [(date.min, FEBRUARY), (FEBRUARY, MARCH), (MARCH, None)]


def test_small_portal_is_one_range(quarter: Portal) -> None:
    plan(quarter)
    assert FillRange.objects.get().end_on is None


@pytest.mark.parametrize("records", [1, 4, 100])
def test_ranges_give_the_facts_of_one_fill(quarter: Portal, records: int) -> None:
    expected = read_rebuilt(quarter)
    DailyFact.objects.all().delete()
    plan(quarter, records=records)
    refill(quarter)
    assert read_facts(quarter) == expected


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(2026, 2, 14), date(2199, 12, 31)])
def test_stale_facts_of_any_day_vanish(quarter: Portal, cast: Cast, day: date) -> None:
    expected = read_rebuilt(quarter)
    DailyFact.objects.create(portal=quarter, employee=cast.dave, day=day, chats=1)
    MonthlyFact.objects.create(portal=quarter, employee=cast.dave, month=day.replace(day=1), chats=1)
    plan(quarter, records=1)
    refill(quarter)
    assert read_facts(quarter) == expected


def test_facts_of_ranges_not_yet_filled_stay(quarter: Portal, cast: Cast) -> None:
    rebuild(quarter)
    for day in (JANUARY, MARCH):
        send_email(quarter, day, cast.bob)
    plan(quarter, records=1)
    fill_range(quarter)
    assert read_cell(quarter, cast.bob, JANUARY)["emails_sent"] == 2
    assert read_cell(quarter, cast.bob, MARCH)["emails_sent"] == 1


def test_plan_takes_the_place_of_touched_rows(quarter: Portal) -> None:
    touch(quarter, None)
    touch(quarter, JANUARY)
    plan_touched(quarter)
    assert (TouchedDay.objects.count(), FillRange.objects.count()) == (0, 1)


def test_portal_touched_again_is_planned_when_the_plan_is_done(quarter: Portal) -> None:
    plan(quarter, records=1)
    touch(quarter, None)
    plan_touched(quarter, records=1)
    assert (TouchedDay.objects.count(), FillRange.objects.count()) == (1, 3)
    refill(quarter)
    assert refill(quarter).rebuilt
    assert not TouchedDay.objects.exists()


def test_touched_days_wait_for_the_ranges(quarter: Portal, cast: Cast) -> None:
    plan(quarter, records=1)
    touch(quarter, JANUARY, cast.bob)
    assert refill_batch(quarter) is None
    assert TouchedDay.objects.count() == 1
    refill(quarter)
    assert not TouchedDay.objects.exists()


def kill_after(monkeypatch: pytest.MonkeyPatch, *, statements: int) -> None:
    """Let a fill die in the transaction of its range, after so many statements that insert facts."""
    insert, left = ranges.insert_totals, iter(range(statements))

    def insert_or_die(*args: Any, **kwargs: Any) -> int:
        if next(left, None) is None:
            raise SystemExit
        return insert(*args, **kwargs)

    monkeypatch.setattr(ranges, "insert_totals", insert_or_die)


@pytest.mark.parametrize("statements", [2, 3, 4])
def test_killed_fill_is_resumed_where_it_was(quarter: Portal, monkeypatch: pytest.MonkeyPatch, statements: int) -> None:
    touch(quarter, None)
    plan_touched(quarter, records=1)
    with monkeypatch.context() as patch:
        kill_after(patch, statements=statements)
        with pytest.raises(SystemExit):
            refill(quarter)
    done = statements // 2
    assert (FillRange.objects.count(), MonthlyFact.objects.values("month").distinct().count()) == (3 - done, done)
    refill(quarter)
    assert read_facts(quarter) == read_rebuilt(quarter)


def test_resumed_fill_does_no_range_twice(quarter: Portal) -> None:
    plan(quarter, records=1)
    first = fill_range(quarter)
    assert first
    assert refill(quarter) == Filled(rebuilt=True, cells=10 - first.cells, rows=10 - first.rows)


@pytest.fixture
def marks(portal: Portal) -> Iterator[datetime]:
    """A mirror that was at nine when its facts were filled, at ten when a fill was planned, and is at eleven."""
    hours = [datetime(2026, 3, 2, hour, tzinfo=portal.zone) for hour in (9, 10, 11)]
    state = StreamState.objects.create(portal=portal, stream="deals", watermark_at=hours[0])
    rebuild(portal)
    StreamState.objects.filter(pk=state.pk).update(watermark_at=hours[1])
    plan(portal, records=1)
    StreamState.objects.filter(pk=state.pk).update(watermark_at=hours[2])
    return iter(hours)


def test_numbers_are_no_further_than_before_until_the_last_range(quarter: Portal, marks: Iterator[datetime]) -> None:
    nine, ten, _ = marks
    for _ in range(3):
        touch(quarter, MARCH)
        assert complete_through(quarter, ["deals"]) == nine
        fill_range(quarter)
    ranges.finish_plan(quarter)
    assert complete_through(quarter, ["deals"]) == ten


def test_numbers_are_as_far_as_the_mirror_when_nothing_waits(quarter: Portal, marks: Iterator[datetime]) -> None:
    refill(quarter)
    assert complete_through(quarter, ["deals"]) == list(marks)[-1]


def test_interrupted_plan_moves_no_mark(quarter: Portal, marks: Iterator[datetime]) -> None:
    fill_range(quarter)
    ranges.finish_plan(quarter)
    refill_batch(quarter)
    assert complete_through(quarter, ["deals"]) == next(marks)
