"""The whole rebuild: which records are counted, where, and that empty cells have no row."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmsync.models import Activity, Portal, Semantics
from kpis.facts import rebuild, refill
from kpis.models import DailyFact, MonthlyFact
from tests.conftest import Cast
from tests.kpis.mirror import add_activity, add_deal, add_lead, send_email, touch, win_deal
from tests.kpis.rows import read_cell, read_facts

Kind, Direction = Activity.Kind, Activity.Direction


def test_won_deal_counts_for_credit_on_the_day_it_was_won(portal: Portal, cast: Cast, day_zero: date) -> None:
    won_on = day_zero + timedelta(days=3)
    deal = win_deal(portal, won_on, cast.bob, "100.50", created_on=day_zero, cycle_seconds=259_200)
    deal.responsible = cast.carol
    deal.save()
    rebuild(portal)
    assert read_cell(portal, cast.carol, day_zero) == {"deals_created": 1}
    assert read_cell(portal, cast.bob, won_on) == {
        "deals_won": 1,
        "revenue": Decimal("100.5"),
        "cycle_seconds": 259_200,
        "cycle_deals": 1,
    }


def test_deal_without_known_rate_counts_but_adds_no_money(portal: Portal, cast: Cast, day_zero: date) -> None:
    win_deal(portal, day_zero, cast.bob, None)
    rebuild(portal)
    assert read_cell(portal, cast.bob, day_zero) == {"deals_created": 1, "deals_won": 1}


def test_deal_without_cycle_is_left_out_of_sum_and_count(portal: Portal, cast: Cast, day_zero: date) -> None:
    win_deal(portal, day_zero, cast.bob, "1", cycle_seconds=None)
    win_deal(portal, day_zero, cast.bob, "1", cycle_seconds=0)
    rebuild(portal)
    cell = read_cell(portal, cast.bob, day_zero)
    assert (cell["deals_won"], cell["cycle_deals"], cell.get("cycle_seconds", 0)) == (2, 1, 0)


def test_template_of_recurring_deals_is_no_deal(portal: Portal, cast: Cast, day_zero: date) -> None:
    win_deal(portal, day_zero, cast.bob, "100", is_recurring=True)
    add_deal(portal, day_zero, cast.bob, is_recurring=True)
    rebuild(portal)
    assert read_facts(portal) == ([], [])


def test_reopened_deal_stops_counting(portal: Portal, cast: Cast, day_zero: date) -> None:
    # A closing day left behind by mistake must not count either.
    win_deal(portal, day_zero, cast.bob, "100", semantics=Semantics.PROCESS)
    rebuild(portal)
    assert read_cell(portal, cast.bob, day_zero) == {"deals_created": 1}


def test_lost_deal_is_counted_without_money(portal: Portal, cast: Cast, day_zero: date) -> None:
    win_deal(portal, day_zero, cast.bob, "100", semantics=Semantics.FAILURE)
    rebuild(portal)
    assert read_cell(portal, cast.bob, day_zero) == {"deals_created": 1, "deals_lost": 1}


def test_converted_leads_are_those_received_that_day(portal: Portal, cast: Cast, day_zero: date) -> None:
    add_lead(portal, day_zero, cast.bob)
    add_lead(portal, day_zero, cast.bob, semantics=Semantics.SUCCESS)
    add_lead(portal, day_zero, cast.bob, semantics=Semantics.FAILURE)
    rebuild(portal)
    assert read_cell(portal, cast.bob, day_zero) == {"leads_received": 3, "leads_converted": 1, "leads_open": 1}


ACTIVITIES = [
    (Kind.EMAIL, Direction.OUTGOING, False, "emails_sent"),
    (Kind.EMAIL, Direction.INCOMING, False, "emails_received"),
    (Kind.EMAIL, Direction.NONE, True, None),
    (Kind.CALL, Direction.OUTGOING, False, "calls_made"),
    (Kind.CALL, Direction.INCOMING, False, "calls_received"),
    (Kind.MEETING, Direction.OUTGOING, True, "meetings_held"),
    (Kind.MEETING, Direction.OUTGOING, False, None),
    (Kind.TASK, Direction.NONE, True, "tasks_done"),
    (Kind.TASK, Direction.NONE, False, None),
    (Kind.CHAT, Direction.INCOMING, False, "chats"),
    (Kind.IGNORED, Direction.OUTGOING, True, None),
    (Kind.UNKNOWN, Direction.OUTGOING, True, None),
]


@pytest.mark.parametrize(("kind", "direction", "done", "measure"), ACTIVITIES)
def test_activity_is_counted_by_kind_and_direction(
    portal: Portal, cast: Cast, day_zero: date, kind: str, direction: int, done: bool, measure: str | None
) -> None:
    add_activity(portal, day_zero, cast.bob, kind, direction, is_completed=done)
    rebuild(portal)
    assert read_cell(portal, cast.bob, day_zero) == ({measure: 1} if measure else {})
    assert DailyFact.objects.count() == MonthlyFact.objects.count() == (1 if measure else 0)


def test_record_without_a_day_is_left_out(portal: Portal, cast: Cast) -> None:
    add_lead(portal, None, cast.bob)
    add_activity(portal, None, cast.bob, Kind.CHAT)
    rebuild(portal)
    assert read_facts(portal) == ([], [])


def test_records_of_nobody_share_one_cell(portal: Portal, cast: Cast, day_zero: date) -> None:
    add_lead(portal, day_zero, None)
    win_deal(portal, day_zero, None, "5")
    rebuild(portal)
    row = DailyFact.objects.get()
    assert (row.employee_id, row.leads_received, row.deals_won, row.revenue) == (None, 1, 1, 5)


def test_month_sums_its_days(portal: Portal, cast: Cast) -> None:
    for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)):
        win_deal(portal, day, cast.bob, "0.1")
    rebuild(portal)
    months: list[Any] = list(MonthlyFact.objects.order_by("month").values_list("month", "deals_won", "revenue"))
    assert months == [
        (date(2026, 1, 1), 1, Decimal("0.1")),
        (date(2026, 2, 1), 2, Decimal("0.2")),
        (date(2026, 3, 1), 1, Decimal("0.1")),
    ]


def test_another_portal_is_left_alone(portal: Portal, cast: Cast, day_zero: date) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example", webhook_url="")
    send_email(other, day_zero, None)
    send_email(portal, day_zero, cast.bob)
    rebuild(other)
    before = read_facts(other)
    touch(other, day_zero)
    rebuild(portal)
    refill(portal)
    assert read_facts(other) == before
    assert before[0] != []
    assert read_cell(portal, cast.bob, day_zero) == {"emails_sent": 1}
