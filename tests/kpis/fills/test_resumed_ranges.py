"""A fill by ranges that dies goes on where it was, and "complete through" waits for its last range."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from crmsync.models import Portal, StreamState
from kpis.completeness import complete_through
from kpis.facts import rebuild, refill
from kpis.fills import ranges
from kpis.fills.cells import refill_batch
from kpis.fills.ranges import fill_range, plan, plan_touched
from kpis.fills.state import Filled
from kpis.models import FillRange, MonthlyFact
from tests.kpis.mirror import touch
from tests.kpis.rows import read_facts, read_rebuilt

MARCH = date(2026, 3, 1)


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
    # One range of records, three of days.
    for _ in range(4):
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
