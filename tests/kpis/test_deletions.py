"""Deleted records leave the figures and come back with them, and what left can be listed to the last kopeck."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from crmsync.models import Activity, Company, Deal, Employee, Portal
from kpis.deletions import STREAM_OF, Deletion, list_deletions, sum_by_kpi
from kpis.facts import rebuild, refill
from kpis.measures import BY_KEY
from kpis.models import DailyFact, MonthlyFact
from kpis.periods import parse_period
from tests.conftest import Cast
from tests.kpis.mirror import GONE_AT, add_activity, add_lead, bury, send_email, touch, win_deal
from tests.kpis.rows import read_cell, read_facts
from tests.kpis.test_increments import FEW, Story

MARCH, APRIL = date(2026, 3, 14), date(2026, 4, 2)


@pytest.fixture
def deal(portal: Portal, cast: Cast) -> Deal:
    """A deal of 14 March that Bob won on 2 April, beside one that stays."""
    win_deal(portal, APRIL, cast.bob, "1", created_on=MARCH, cycle_seconds=60)
    return win_deal(portal, APRIL, cast.bob, "120000.10", created_on=MARCH, cycle_seconds=86_400)


def tell(deletions: list[Deletion]) -> list[tuple[str, date, Employee | None, Any]]:
    return [(it.measure.key, it.day, it.employee, it.value) for deletion in deletions for it in deletion.left]


def test_deleted_deal_leaves_number_revenue_and_cycle(portal: Portal, cast: Cast, deal: Deal) -> None:
    rebuild(portal)
    bury(deal)
    touch(portal, MARCH, cast.bob)
    touch(portal, APRIL, cast.bob)
    refill(portal)
    kept = {"deals_won": 1, "revenue": Decimal(1), "cycle_seconds": 60, "cycle_deals": 1}
    assert read_cell(portal, cast.bob, APRIL) == kept
    assert read_cell(portal, cast.bob, MARCH) == {"deals_created": 1}
    assert MonthlyFact.objects.get(month=APRIL.replace(day=1)).revenue == 1


def test_deleted_lead_and_activity_leave_the_facts(portal: Portal, cast: Cast) -> None:
    bury(add_lead(portal, MARCH, cast.bob))
    bury(send_email(portal, MARCH, cast.bob))
    bury(send_email(portal, MARCH, None))
    rebuild(portal)
    assert read_facts(portal) == ([], [])


def test_record_that_came_back_counts_again(portal: Portal, cast: Cast, deal: Deal) -> None:
    rebuild(portal)
    before = read_facts(portal)
    bury(deal)
    rebuild(portal)
    assert read_facts(portal) != before
    deal.deleted_at = None
    deal.save()
    for day in (MARCH, APRIL):
        touch(portal, day, cast.bob)
    refill(portal)
    assert read_facts(portal) == before


def test_figures_that_left_are_listed(portal: Portal, cast: Cast, deal: Deal) -> None:
    stone = bury(deal)
    [deletion] = list_deletions(portal)
    assert deletion.stone == stone
    assert tell([deletion]) == [
        ("deals_created", MARCH, cast.bob, 1),
        ("deals_won", APRIL, cast.bob, 1),
        ("revenue", APRIL, cast.bob, Decimal("120000.10")),
        ("cycle_seconds", APRIL, cast.bob, 86_400),
        ("cycle_deals", APRIL, cast.bob, 1),
    ]


def test_figure_of_nobody_is_listed(portal: Portal) -> None:
    bury(add_lead(portal, MARCH, None))
    assert tell(list_deletions(portal)) == [("leads_received", MARCH, None, 1), ("leads_open", MARCH, None, 1)]


@pytest.mark.parametrize("state", [{"deleted_at": None}, {"restored_at": GONE_AT}])
def test_record_that_still_counts_lost_no_figures(portal: Portal, deal: Deal, state: dict[str, Any]) -> None:
    bury(deal, **state)
    assert [found.left for found in list_deletions(portal)] == [[]]


def test_record_that_vanished_twice_lost_its_figures_once(portal: Portal, cast: Cast) -> None:
    lead = add_lead(portal, MARCH, cast.bob)
    bury(lead, restored_at=GONE_AT)
    bury(lead)
    assert [len(found.left) for found in list_deletions(portal)] == [0, 2]


def test_record_that_counts_in_nothing_is_listed_without_figures(portal: Portal, cast: Cast) -> None:
    bury(add_activity(portal, MARCH, cast.bob, Activity.Kind.IGNORED))
    assert [found.left for found in list_deletions(portal)] == [[]]


FILTERS: list[tuple[dict[str, Any], int]] = [
    ({}, 7),
    ({"period": parse_period("2026-03")}, 3),
    ({"period": parse_period("2026-04-02")}, 4),
    ({"period": parse_period("2025")}, 0),
    ({"stream": "leads"}, 2),
]


@pytest.mark.parametrize(("wanted", "figures"), FILTERS)
def test_list_can_be_narrowed(portal: Portal, cast: Cast, deal: Deal, wanted: dict[str, Any], figures: int) -> None:
    bury(deal)
    bury(add_lead(portal, MARCH, cast.carol))
    assert len(tell(list_deletions(portal, **wanted))) == figures


def test_list_can_be_narrowed_to_an_employee(portal: Portal, cast: Cast, deal: Deal) -> None:
    bury(deal)
    bury(add_lead(portal, MARCH, cast.carol))
    assert tell(list_deletions(portal, employee=cast.carol)) == [
        ("leads_received", MARCH, cast.carol, 1),
        ("leads_open", MARCH, cast.carol, 1),
    ]
    assert len(list_deletions(portal, employee=cast.carol)) == 1


def test_portals_are_kept_apart(portal: Portal, cast: Cast, deal: Deal) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    bury(deal)
    assert list_deletions(other) == []


def test_many_records_cost_as_many_queries_as_one(
    portal: Portal, cast: Cast, deal: Deal, django_assert_num_queries: Any
) -> None:
    bury(deal)
    for offset in range(30):
        bury(send_email(portal, MARCH + timedelta(days=offset), cast.carol))
    with django_assert_num_queries(6):
        assert len(list_deletions(portal)) == 31


def test_losses_are_added_up_by_kpi(portal: Portal, cast: Cast, deal: Deal) -> None:
    bury(deal)
    bury(win_deal(portal, APRIL, cast.carol, "0.90"))
    sums = {kpi.key: losses for kpi, losses in sum_by_kpi(list_deletions(portal))}
    assert sums["average_deal"] == {"revenue": Decimal(120_001), "deals_won": 2}
    assert sums["lead_conversion"] == {"deals_won": 2, "leads_received": 0}
    assert "emails_sent" not in sums


def count_facts(portal: Portal) -> Counter[tuple[str, date, int | None]]:
    """Count what the facts hold of the portal's own records, by measure, day and employee."""
    keys = [key for key, measure in BY_KEY.items() if measure.source in STREAM_OF]
    facts = DailyFact.objects.filter(portal=portal).values("employee_id", "day", *keys)
    return Counter({(key, fact["day"], fact["employee_id"]): fact[key] for fact in facts for key in keys})


SCRIPTS = st.lists(
    st.tuples(
        st.sampled_from(("lead", "deal", "email", "task", "win", "lose", "reopen", "reprice", "move")),
        *(st.integers(0, most) for most in (50, 3, 5)),
    ),
    min_size=1,
    max_size=20,
)


@FEW
@given(script=SCRIPTS, doomed=st.sets(st.integers(0, 10)))
def test_facts_with_the_records_minus_facts_without_is_what_is_listed(
    portal: Portal, cast: Cast, script: list[tuple[str, int, int, int]], doomed: set[int]
) -> None:
    with transaction.atomic():
        story = Story(portal, cast)
        for edit in script:
            story.play(*edit)
        rebuild(portal)
        difference = count_facts(portal)
        for number in doomed & set(range(len(story.records))):
            record = story.records[number]
            assert not isinstance(record, Company)
            bury(record)
        rebuild(portal)
        difference.subtract(count_facts(portal))
        left = {cell: value for cell, value in difference.items() if value}
        listed: Counter[Any] = Counter()
        for key, day, employee, value in tell(list_deletions(portal)):
            listed[key, day, employee and employee.pk] += value
        assert left == {cell: value for cell, value in listed.items() if value}
        transaction.set_rollback(True)
