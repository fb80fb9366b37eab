"""Workers at once share ranges, and a change during a fill is not lost: PostgreSQL only, SQLite has one writer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event, local
from typing import Any

import pytest
from django.db import connection

from crmsync.models import Activity, Portal, TouchedDay
from kpis.facts import fill_slice, rebuild, refill
from kpis.fills import cells, ranges
from kpis.fills.cells import refill_batch
from kpis.fills.ranges import fill_range, plan
from kpis.fills.state import Filled
from kpis.models import FillRange
from kpis.tasks import SLICE
from tests.kpis.mirror import send_email, touch
from tests.kpis.rows import read_cell, read_facts

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway"),
]
MONTHS = [date(2026, month, 1) for month in range(1, 7)]


@pytest.fixture
def planned(portal: Portal) -> Portal:
    """Six months of letters, planned as six ranges."""
    for month in MONTHS:
        send_email(portal, month, None)
    touch(portal, None)
    plan(portal, records=1)
    # Nothing is derived from letters that stand on no record.
    fill_range(portal)
    return portal


def run_at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each work in a thread and a connection of its own; an error comes back as the result."""

    def run(work: Callable[[], Any]) -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def impatiently(work: Callable[[], Any]) -> Any:
    """Give up at once instead of waiting for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    return work()


def meet_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both workers go on from their first range only when each has taken one."""
    take, barrier, met = ranges.take_range, Barrier(2, timeout=30), local()

    def take_and_meet(*args: Any, **kwargs: Any) -> FillRange | None:
        chosen = take(*args, **kwargs)
        if not getattr(met, "already", False):
            met.already = True
            barrier.wait()
        return chosen

    monkeypatch.setattr(ranges, "take_range", take_and_meet)


def test_two_workers_share_the_ranges(planned: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_in_the_middle(monkeypatch)
    results = run_at_once(*[lambda: fill_slice(planned, budget=SLICE)] * 2)
    assert results == [None, None]
    assert not FillRange.objects.exists()
    shared = read_facts(planned)
    monkeypatch.undo()
    rebuild(planned)
    assert shared == read_facts(planned)
    assert len(shared[0]) == len(MONTHS)


def test_fill_by_hand_waits_for_the_range_of_another(planned: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_in_the_middle(monkeypatch)
    run_at_once(lambda: fill_range(planned), lambda: refill(planned))
    assert not FillRange.objects.exists()
    assert len(read_facts(planned)[0]) == len(MONTHS)


def interrupt(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> list[Any]:
    """Let something happen in another connection when a range's records have been read and nothing is committed."""
    insert, begun, outcome = ranges.insert_totals, Event(), list[Any]()

    def insert_then_act(*args: Any, **kwargs: Any) -> int:
        rows = insert(*args, **kwargs)
        if not begun.is_set():
            begun.set()
            outcome.extend(run_at_once(act))
        return rows

    monkeypatch.setattr(ranges, "insert_totals", insert_then_act)
    return outcome


def test_second_worker_takes_another_range(planned: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = interrupt(monkeypatch, lambda: fill_range(planned, wait=False))
    fill_range(planned)
    assert outcome == [Filled(rebuilt=True, cells=1, rows=1)]
    assert FillRange.objects.count() == len(MONTHS) - 2


def test_without_the_lock_it_would_take_the_same(planned: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: it is the row's lock that gives each worker a range of its own.
    first = FillRange.objects.order_by("start_on")[0]
    monkeypatch.setattr(ranges, "take_range", lambda portal, wait: FillRange.objects.get(pk=first.pk))
    outcome = interrupt(monkeypatch, lambda: impatiently(lambda: fill_range(planned)))
    fill_range(planned)
    assert "lock timeout" in str(outcome[0])


def erase_and_refill(portal: Portal) -> Callable[[], Any]:
    """Take the letter of the first day away, touch that day, and let another worker follow at once."""

    def act() -> Any:
        Activity.objects.filter(started_on=MONTHS[0]).delete()
        touch(portal, MONTHS[0])
        return refill_batch(portal, wait=False)

    return act


def test_change_during_a_fill_waits_for_its_end(planned: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = interrupt(monkeypatch, erase_and_refill(planned))
    fill_range(planned)
    assert outcome == [None]
    assert TouchedDay.objects.count() == 1
    refill(planned)
    assert read_cell(planned, None, MONTHS[0]) == {}


def test_change_refilled_during_a_fill_would_be_lost(planned: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: when touched days do not wait for the ranges, the range puts the old number back for ever.
    monkeypatch.setattr(cells, "has_ranges", lambda portal: False)
    interrupt(monkeypatch, erase_and_refill(planned))
    fill_range(planned)
    assert not TouchedDay.objects.exists()
    monkeypatch.undo()
    refill(planned)
    assert read_cell(planned, None, MONTHS[0]) == {"emails_sent": 1}


def test_new_plan_waits_for_a_range_that_is_being_filled(planned: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = interrupt(monkeypatch, lambda: impatiently(lambda: plan(planned)))
    fill_range(planned)
    assert "lock timeout" in str(outcome[0])
    assert FillRange.objects.count() == len(MONTHS) - 1
