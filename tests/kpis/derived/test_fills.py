"""Ranges and portions of derived rows: what is planned, what waits for what, and that nothing is lost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from crmsync.models import Portal, StreamState, TouchedDay, TouchedRecord
from kpis.completeness import complete_through
from kpis.derived import batches, ranges
from kpis.derived.batches import derive_batch
from kpis.derived.objects import FIRST_ID, Objects, Place, list_range
from kpis.facts import rebuild, refill
from kpis.fills.cells import refill_batch
from kpis.fills.ranges import fill_range, plan
from kpis.fills.state import Filled, count_workers
from kpis.models import ClientRequest, DerivedRow, DeriveRange, FillRange, LeadProgress, Sale
from tests.conftest import Cast
from tests.kpis.mirror import touch
from tests.kpis.rows import read_cell, read_facts
from tests.kpis.talks import TEN, bring, change, days, minutes, read_derived, receive_lead, sell, talk

RANGES: list[tuple[Place, Place | None, list[Objects]]] = [
    ((0, 1), None, [Objects(kind) for kind in range(5)]),
    ((2, 500), (2, 900), [Objects(2, start=500, end=900)]),
    ((2, 500), (3, 1), [Objects(2, start=500)]),
    ((2, 500), (4, 7), [Objects(2, start=500), Objects(3), Objects(4, end=7)]),
    ((4, 7), None, [Objects(4, start=7)]),
]


@pytest.mark.parametrize(("start", "end", "expected"), RANGES)
def test_range_is_listed_type_by_type(start: Place, end: Place | None, expected: list[Objects]) -> None:
    assert list(list_range(start, end)) == expected


@pytest.fixture
def busy(portal: Portal, cast: Cast) -> Portal:
    """Leads, deals, customers and other records with ids of several thousands, talked on by several people."""
    for number in (1, 1_500, 3_000):
        lead = receive_lead(portal, days(number // 1_000), cast.bob)
        talk(portal, "email out", days(4), cast.bob, (1, lead.external_id))
        for customer in ({"company": number}, {"contact": number, "lead": lead.external_id}, {}):
            sell(portal, days(5), cast.carol, **customer)
        sell(portal, days(6), cast.bob, contact=number)
        for kind in (1, 2, 3, 4, 31):
            talk(portal, "email in", minutes(number), cast.bob, (kind, number))
            talk(portal, "call out", minutes(number + kind), cast.carol, (kind, number))
    return portal


@pytest.mark.parametrize("objects", [1, 5, 1_000])
def test_ranges_derive_what_one_range_derives(busy: Portal, objects: int) -> None:
    rebuild(busy)
    expected = read_derived(busy), read_facts(busy)
    for model in (Sale, LeadProgress, ClientRequest):
        model.objects.all().delete()
    plan(busy, objects=objects)
    assert (DeriveRange.objects.count() == 1) == (objects == 1_000)
    refill(busy)
    assert (read_derived(busy), read_facts(busy)) == expected


def test_ranges_of_records_leave_no_gap(busy: Portal) -> None:
    plan(busy, objects=1)
    found = list(DeriveRange.objects.order_by("start_type", "start_id").values_list("start_type", "start_id"))
    ends = list(DeriveRange.objects.order_by("start_type", "start_id").values_list("end_type", "end_id"))
    assert found[0] == (0, FIRST_ID)
    assert ends == [*found[1:], (None, None)]
    assert {kind for kind, _ in found} == {0, 1, 2, 3, 4}


def test_days_are_filled_after_the_last_range_of_records(busy: Portal) -> None:
    plan(busy, objects=1, records=1)
    before = FillRange.objects.count()
    for _ in range(DeriveRange.objects.count()):
        assert FillRange.objects.count() == before
        fill_range(busy)
    fill_range(busy)
    assert (DeriveRange.objects.count(), FillRange.objects.count()) == (0, before - 1)


def test_touched_records_and_days_wait_for_the_ranges(busy: Portal) -> None:
    plan(busy, objects=1)
    bring(sell(busy, days(1), company=1))
    assert (derive_batch(busy), refill_batch(busy)) == (None, None)
    refill(busy)
    assert (TouchedRecord.objects.count(), TouchedDay.objects.count()) == (0, 0)


def test_plan_takes_the_place_of_touched_records(busy: Portal) -> None:
    bring(sell(busy, days(1), company=1))
    plan(busy)
    assert TouchedRecord.objects.count() == 0


@pytest.mark.parametrize("table", [ClientRequest, Sale, LeadProgress])
def test_stale_rows_of_any_range_vanish(busy: Portal, table: type[DerivedRow]) -> None:
    rebuild(busy)
    expected = read_derived(busy)
    # A row that nothing in the mirror gives any more, under the key of a record that gives none.
    records: dict[Any, Any] = {
        ClientRequest: talk(busy, "email out", TEN, None, (2, 1)),
        # Without a moment of creation: whatever its number is, no activity of the others can answer it.
        LeadProgress: receive_lead(busy, None),
    }
    records[Sale] = sell(busy, TEN, semantics="F")
    row = table.objects.all()[0]
    row.pk = records[table].pk
    row.save(force_insert=True)
    rebuild(busy)
    assert read_derived(busy) == expected


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_touched_records_go_in_portions(busy: Portal, batch: int) -> None:
    rebuild(busy)
    bring(talk(busy, "email in", days(9), None, (2, 1)))
    bring(sell(busy, days(-9), company=1, lead=1))
    steps = 0
    while derive_batch(busy, batch=batch):
        steps += 1
    refill(busy)
    found = read_derived(busy), read_facts(busy)
    rebuild(busy)
    assert steps == -(-4 // batch)
    assert found == (read_derived(busy), read_facts(busy))


def test_record_that_changes_nothing_touches_no_day(busy: Portal) -> None:
    rebuild(busy)
    for model_type, key in ((1, 1), (2, 1), (3, 1), (4, 1), (31, 1)):
        TouchedRecord.objects.create(portal=busy, owner_type=model_type, external_id=key)
    assert derive_batch(busy) == Filled()
    assert TouchedDay.objects.count() == 0


def test_portal_touched_whole_is_planned_and_not_followed_record_by_record(busy: Portal) -> None:
    bring(sell(busy, days(1), company=1))
    touch(busy, None)
    assert derive_batch(busy) is None
    assert refill(busy).rebuilt
    assert TouchedRecord.objects.count() == 0


def test_another_portals_touched_records_stay(busy: Portal) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    TouchedRecord.objects.create(portal=other, owner_type=2, external_id=1)
    bring(sell(busy, days(1), company=1))
    refill(busy)
    rebuild(busy)
    assert list(TouchedRecord.objects.values_list("portal", flat=True)) == [other.pk]


def test_request_that_moved_touches_the_cell_it_left(portal: Portal, cast: Cast, day_zero: date) -> None:
    letter = talk(portal, "email in", TEN, cast.bob, (2, 5))
    rebuild(portal)
    letter.owner_type, letter.responsible = 3, cast.carol
    letter.save()
    # Its new record is followed first, and the letter's own touched day may have been filled already.
    TouchedRecord.objects.create(portal=portal, owner_type=3, external_id=5)
    derive_batch(portal)
    assert set(TouchedDay.objects.values_list("employee", "day")) == {
        (cast.bob.pk, day_zero),
        (cast.carol.pk, day_zero),
    }


def arrive_after_reading(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Let something land right after a portion has read the mirror, once."""
    derive, arrived = batches.derive_records, list[Any]()

    def derive_then_arrive(*args: Any) -> set:
        cells = derive(*args)
        if not arrived:
            arrived.append(act())
        return cells

    monkeypatch.setattr(batches, "derive_records", derive_then_arrive)


def test_record_touched_during_a_portion_is_followed_by_the_next(
    portal: Portal, cast: Cast, day_zero: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(talk(portal, "email in", TEN, cast.bob, (2, 5)))
    arrive_after_reading(monkeypatch, lambda: bring(talk(portal, "email out", minutes(1), None, (2, 5))))
    refill(portal)
    assert read_cell(portal, cast.bob, day_zero)["response_seconds"] == 60


def test_forgetting_every_touched_record_would_lose_the_late_one(
    portal: Portal, cast: Cast, day_zero: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control: with the guard off, the same race loses the answer.
    bring(talk(portal, "email in", TEN, cast.bob, (2, 5)))
    arrive_after_reading(monkeypatch, lambda: bring(talk(portal, "email out", minutes(1), None, (2, 5))))
    monkeypatch.setattr(batches, "forget", lambda touched: TouchedRecord.objects.all().delete())
    refill(portal)
    assert "response_seconds" not in read_cell(portal, cast.bob, day_zero)


def test_numbers_are_not_complete_while_a_record_waits(portal: Portal, cast: Cast) -> None:
    state = StreamState.objects.create(portal=portal, stream="deals", watermark_at=TEN)
    rebuild(portal)
    change(sell(portal, TEN, cast.bob), closed_at=minutes(1))
    TouchedDay.objects.all().delete()
    StreamState.objects.filter(pk=state.pk).update(watermark_at=days(1))
    assert complete_through(portal, ["deals"]) == TEN
    refill_batch(portal)
    assert complete_through(portal, ["deals"]) == TEN
    refill(portal)
    assert complete_through(portal, ["deals"]) == days(1)


def test_numbers_are_not_complete_while_a_range_is_to_be_derived(busy: Portal) -> None:
    StreamState.objects.create(portal=busy, stream="deals", watermark_at=TEN)
    plan(busy)
    FillRange.objects.all().delete()
    assert complete_through(busy, ["deals"]) is None


def test_touched_record_wakes_a_worker(portal: Portal) -> None:
    TouchedRecord.objects.create(portal=portal, owner_type=2, external_id=1)
    assert count_workers(TEN) == {portal.pk: 1}


def test_another_portal_is_derived_by_itself(busy: Portal) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    sell(other, days(-9), company=1)
    rebuild(busy)
    expected = read_derived(busy)
    rebuild(other)
    assert read_derived(busy) == expected
    assert Sale.objects.filter(portal=other).count() == 1


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 31])
def test_derivation_of_a_range_is_counted_from_every_table(portal: Portal, kind: int) -> None:
    talk(portal, "email in", TEN, None, (kind, 2_345))
    assert ranges.count_places(portal) == {(kind if kind < 5 else 0, 2_000): 1}
