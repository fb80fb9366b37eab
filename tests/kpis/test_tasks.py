"""The background tasks bring every touched portal up to date, leave the others alone and do nothing twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from crmsync.models import Portal, TouchedDay
from kpis import tasks
from kpis.facts import fill_slice
from kpis.fills.ranges import fill_range, plan
from kpis.models import FillRange
from tests.conftest import Cast
from tests.kpis.mirror import send_email, touch
from tests.kpis.rows import read_cell

Calls = list[tuple[list[int], dict[str, Any]]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The wake-ups that a tick sends, instead of sending them."""
    calls: Calls = []
    monkeypatch.setattr(tasks.fill_portal, "apply_async_on_commit", lambda args, **how: calls.append((args, how)))
    return calls


def test_every_touched_portal_is_woken_once(portal: Portal, cast: Cast, day_zero: date, sent: Calls) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example", webhook_url="")
    Portal.objects.create(name="Тихий", origin="https://quiet.example", webhook_url="")
    touch(portal, day_zero, cast.bob)
    touch(portal, day_zero, cast.carol)
    touch(other, None)
    tasks.refill_portals()
    assert [args for args, _ in sent] == [[portal.pk], [other.pk]]


@pytest.mark.parametrize(("whole", "woken"), [(True, 0), (False, 1)])
def test_first_reading_is_not_filled_before_its_end(
    portal: Portal, day_zero: date, sent: Calls, whole: bool, woken: int
) -> None:
    touch(portal, None if whole else day_zero)
    Portal.objects.update(lease_until=timezone.now() + timedelta(seconds=30))
    tasks.refill_portals()
    assert len(sent) == woken
    Portal.objects.update(lease_until=None)
    tasks.refill_portals()
    assert len(sent) == woken + 1


def test_wake_up_does_not_outlive_the_next_tick(portal: Portal, day_zero: date, sent: Calls) -> None:
    touch(portal, day_zero)
    tasks.refill_portals()
    assert sent == [([portal.pk], {"expires": 15})]


@pytest.mark.parametrize("months", [2, 6])
def test_ranges_wake_as_many_workers_as_can_share_them(portal: Portal, months: int, sent: Calls) -> None:
    for month in range(months):
        send_email(portal, date(2026, 1 + month, 5), None)
    plan(portal, records=1)
    fill_range(portal)
    tasks.refill_portals()
    assert len(sent) == (min(months, 4) if connection.vendor == "postgresql" else 1)


def test_woken_portal_is_refilled(portal: Portal, cast: Cast, day_zero: date) -> None:
    send_email(portal, day_zero, cast.bob)
    touch(portal, day_zero, cast.bob)
    tasks.fill_portal(portal.pk)
    assert read_cell(portal, cast.bob, day_zero) == {"emails_sent": 1}
    assert not TouchedDay.objects.exists()


@pytest.mark.parametrize("whole", [False, True])
def test_second_wake_up_changes_nothing(portal: Portal, cast: Cast, day_zero: date, whole: bool) -> None:
    send_email(portal, day_zero, cast.bob)
    touch(portal, None if whole else day_zero, None if whole else cast.bob)
    tasks.fill_portal(portal.pk)
    tasks.fill_portal(portal.pk)
    assert read_cell(portal, cast.bob, day_zero) == {"emails_sent": 1}


def test_slice_ends_after_the_step_in_which_its_time_runs_out(portal: Portal) -> None:
    for month in (1, 2, 3):
        send_email(portal, date(2026, month, 5), None)
    plan(portal, records=1)
    fill_range(portal)
    fill_slice(portal, budget=timedelta())
    assert [chosen.start_on for chosen in FillRange.objects.order_by("start_on")] == [
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]


def test_nothing_touched_costs_one_query(portal: Portal, sent: Calls, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        tasks.refill_portals()
    assert sent == []
