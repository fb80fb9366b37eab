"""Increments: touched cells are computed anew, no others, and nothing that arrives meanwhile is lost."""

from datetime import date, timedelta
from typing import Any

import pytest

from crmsync.models import Portal, TouchedDay
from kpis.facts import rebuild, refill
from kpis.fills import cells, ranges
from kpis.fills.cells import refill_batch
from kpis.fills.state import Filled
from kpis.models import DailyFact
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, send_email, touch
from tests.kpis.rows import read_cell, read_facts


def test_touched_day_is_refilled(portal: Portal, cast: Cast, day_zero: date) -> None:
    send_email(portal, day_zero, cast.bob)
    touch(portal, day_zero, cast.bob)
    touch(portal, day_zero, cast.bob)
    assert refill(portal) == Filled(rebuilt=False, cells=1, rows=1)
    assert read_cell(portal, cast.bob, day_zero) == {"emails_sent": 1}
    assert not TouchedDay.objects.exists()


def test_cell_that_was_not_touched_stays_as_it_was(portal: Portal, cast: Cast, day_zero: date) -> None:
    send_email(portal, day_zero, cast.bob)
    send_email(portal, day_zero, cast.carol)
    touch(portal, day_zero, cast.bob)
    refill(portal)
    assert read_cell(portal, cast.carol, day_zero) == {}


def test_cell_of_nobody_is_refilled(portal: Portal, cast: Cast, day_zero: date) -> None:
    add_lead(portal, day_zero, None)
    add_lead(portal, day_zero, cast.bob)
    touch(portal, day_zero)
    refill(portal)
    assert read_cell(portal, None, day_zero) == {"leads_received": 1, "leads_open": 1}
    assert read_cell(portal, cast.bob, day_zero) == {}


@pytest.mark.parametrize("known", [True, False])
def test_cell_that_lost_its_last_record_has_no_row(portal: Portal, cast: Cast, day_zero: date, known: bool) -> None:
    employee = cast.bob if known else None
    lead = add_lead(portal, day_zero, employee)
    rebuild(portal)
    lead.delete()
    touch(portal, day_zero, employee)
    refill(portal)
    assert read_facts(portal) == ([], [])


def test_touched_portal_is_rebuilt(portal: Portal, cast: Cast, day_zero: date) -> None:
    send_email(portal, day_zero, cast.bob)
    touch(portal, None)
    touch(portal, day_zero + timedelta(days=1), cast.carol)
    assert refill(portal) == Filled(rebuilt=True, cells=1, rows=1)
    assert not TouchedDay.objects.exists()


def test_refill_of_nothing_does_nothing(portal: Portal, cast: Cast) -> None:
    assert refill(portal) == Filled()


def test_many_touches_go_in_batches(portal: Portal, cast: Cast, day_zero: date) -> None:
    days = [day_zero + timedelta(days=number) for number in range(10)]
    for day in days:
        send_email(portal, day, cast.bob)
        touch(portal, day, cast.bob)
    assert refill(portal, batch=3) == Filled(cells=10, rows=10)
    assert sorted(DailyFact.objects.values_list("day", flat=True)) == days


def arrive_after_the_scan(monkeypatch: pytest.MonkeyPatch, portal: Portal, cast: Cast, day: date) -> None:
    """Let a letter and its touch land right after a fill has read the records, once."""
    insert, arrived = cells.insert_totals, list[Any]()

    def insert_then_arrive(*args: Any, **kwargs: Any) -> int:
        rows = insert(*args, **kwargs)
        if not arrived:
            arrived.append(send_email(portal, day, cast.bob))
            touch(portal, day, cast.bob)
        return rows

    for module in (cells, ranges):
        monkeypatch.setattr(module, "insert_totals", insert_then_arrive)


@pytest.mark.parametrize("fill", [rebuild, refill_batch])
def test_touch_that_arrives_during_a_fill_survives(
    portal: Portal, cast: Cast, day_zero: date, monkeypatch: pytest.MonkeyPatch, fill: Any
) -> None:
    send_email(portal, day_zero, cast.bob)
    touch(portal, day_zero, cast.bob)
    arrive_after_the_scan(monkeypatch, portal, cast, day_zero)
    fill(portal)
    assert TouchedDay.objects.count() == 1
    refill(portal)
    assert read_cell(portal, cast.bob, day_zero) == {"emails_sent": 2}


def test_forgetting_every_touch_would_lose_the_late_one(
    portal: Portal, cast: Cast, day_zero: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control: with the guard off, the same race loses a letter.
    send_email(portal, day_zero, cast.bob)
    touch(portal, day_zero, cast.bob)
    arrive_after_the_scan(monkeypatch, portal, cast, day_zero)
    monkeypatch.setattr(cells, "forget", lambda touched: TouchedDay.objects.filter(portal=portal).delete())
    refill(portal)
    assert read_cell(portal, cast.bob, day_zero) == {"emails_sent": 1}
