"""Fills of everything by ranges of days: how they are cut, and what is touched meanwhile."""

from datetime import date

import pytest
from django.db import connection

from crmsync.models import Portal, TouchedDay
from kpis import facts
from kpis.facts import rebuild, refill
from kpis.fills.cells import refill_batch
from kpis.fills.cuts import cut_ranges
from kpis.fills.ranges import fill_range, plan, plan_touched
from kpis.models import DailyFact, FillRange, MonthlyFact
from tests.conftest import Cast
from tests.kpis.mirror import send_email, touch
from tests.kpis.rows import read_cell, read_facts, read_rebuilt

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
CUTS: list[tuple[dict[date, int], list[date]]] = [
    ({}, []),
    ({JANUARY: 5}, []),
    ({JANUARY: 9, FEBRUARY: 1, MARCH: 1}, [MARCH]),
    ({MARCH: 1, JANUARY: 10, FEBRUARY: 10}, [FEBRUARY, MARCH]),
    ({JANUARY: 1, MARCH: 99}, []),
    ({JANUARY: 99, MARCH: 1}, [MARCH]),
]


@pytest.mark.parametrize(("months", "starts"), CUTS)
def test_ranges_begin_with_months_and_hold_enough_records(months: dict[date, int], starts: list[date]) -> None:
    assert cut_ranges(months, records=10, first=date.min) == [date.min, *starts]


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
    # What is derived comes first, then January.
    fill_range(quarter)
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
    assert (TouchedDay.objects.count(), FillRange.objects.count()) == (0, 0)


def test_touched_days_wait_for_the_ranges(quarter: Portal, cast: Cast) -> None:
    plan(quarter, records=1)
    touch(quarter, JANUARY, cast.bob)
    assert refill_batch(quarter) is None
    assert TouchedDay.objects.count() == 1
    refill(quarter)
    assert not TouchedDay.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_others_may_write_between_two_ranges(quarter: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(facts, "sleep", pauses.append)
    plan(quarter, records=1)
    refill(quarter)
    assert pauses == ([facts.PAUSE_SECONDS] * 4 if connection.vendor == "sqlite" else [])


def test_fill_inside_a_transaction_does_not_pause(quarter: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "sleep", lambda seconds: pytest.fail("nobody could write meanwhile"))
    refill(quarter)
    rebuild(quarter)
