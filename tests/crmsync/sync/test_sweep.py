"""Deleted, hidden and restored records: two sweeps confirm, a brake holds, tombstones stay."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crmsync.models import (
    Activity,
    CreditChange,
    Deal,
    DealProduct,
    Employee,
    Quarantine,
    Stage,
    StageChange,
    StreamState,
    Tombstone,
)
from tests.crmsync.sync.company import BOB, NOON, differences, find_deal, make_store, stamp


def test_sync_alone_removes_nothing(connected, store, run):
    run(connected)
    store.delete("deals", 4)
    run(connected)
    run(connected, full=True)
    assert find_deal(connected, 4).deleted_at is None


def test_first_sweep_only_notes_what_is_missing(connected, store, run, sweep):
    run(connected)
    store.delete("deals", 4)
    ended = sweep(connected)
    assert find_deal(connected, 4).deleted_at is None
    assert (ended.streams["deals"]["missing"], ended.streams["deals"]["buried"]) == (1, 0)


def test_second_sweep_in_a_row_buries(connected, store, run, sweep):
    run(connected)
    store.delete("deals", 4)
    sweep(connected)
    ended = sweep(connected)
    assert find_deal(connected, 4).deleted_at
    assert ended.streams["deals"]["buried"] == 1
    assert differences(store, connected) == []


def test_record_found_again_in_between_stays(connected, store, run, sweep):
    run(connected)
    store.hide("deals", 4)
    sweep(connected)
    store.restore("deals", 4)
    sweep(connected)
    store.hide("deals", 4)
    sweep(connected)
    assert find_deal(connected, 4).deleted_at is None
    assert Tombstone.objects.get().deleted_at is None


def test_deletion_touches_the_days_and_people_it_counted_for(connected, store, run, sweep, touched):
    run(connected)
    store.delete("deals", 4)
    sweep(connected)
    touched(connected)
    sweep(connected)
    assert (BOB, (NOON + timedelta(days=4)).date()) in touched(connected)


def test_deleted_deal_takes_its_product_lines_along(connected, store, run, sweep):
    run(connected)
    store.delete("deals", 5)
    sweep(connected)
    sweep(connected)
    line = DealProduct.objects.get(deal_external_id=5)
    assert line.deleted_at


@pytest.mark.parametrize("seen_by", ["sync", "sweep"])
def test_restored_record_comes_back(connected, store, run, sweep, touched, seen_by):
    run(connected)
    store.hide("deals", 4)
    sweep(connected)
    sweep(connected)
    touched(connected)
    store.restore("deals", 4)
    if seen_by == "sync":
        run(connected, full=True)
    else:
        sweep(connected)
    assert find_deal(connected, 4).deleted_at is None
    assert Tombstone.objects.get().restored_at
    assert touched(connected) == {(BOB, (NOON + timedelta(days=4)).date())}


def test_presence_is_in_the_log_of_credit(connected, store, run, sweep):
    run(connected)
    store.hide("deals", 4)
    sweep(connected)
    sweep(connected)
    store.restore("deals", 4)
    sweep(connected)
    log = CreditChange.objects.filter(external_id=4, field="presence").order_by("pk")
    assert [(bool(row.before), bool(row.after)) for row in log] == [(False, True), (True, False)]


def test_record_that_a_sync_has_missed_is_read(connected, store, run, sweep):
    run(connected)
    Deal.objects.filter(external_id=7).delete()
    Activity.objects.filter(external_id=9).update(modified_at=NOON, direction=0, content_hash=0)
    sweep(connected)
    assert differences(store, connected) == []


def test_changed_product_line_of_an_unchanged_deal_is_read(connected, store, run, sweep):
    run(connected)
    store.update("productrows", 1, price=99)
    store.delete("productrows", 3)
    sweep(connected)
    assert differences(store, connected) == []


def test_deleted_stage_and_hidden_user_are_marked(connected, store, run, sweep):
    run(connected)
    store.hide("users", 3)
    code = next(key for key in store.collections["statuses"] if store.get("statuses", key)["STATUS_ID"] == "EXECUTING")
    store.delete("statuses", code)
    sweep(connected)
    sweep(connected)
    assert Employee.objects.get(external_id=3).deleted_at
    assert Stage.objects.get(external_id="EXECUTING").deleted_at


@pytest.fixture
def moves(store) -> list[int]:
    """Give some deals a row of history each, older than any window."""
    row = {"TYPE_ID": 2, "CREATED_TIME": stamp(5), "CATEGORY_ID": 0, "STAGE_SEMANTIC_ID": "P", "STAGE_ID": "NEW"}
    return [store.add("stagehistory_deals", {**row, "OWNER_ID": deal}) for deal in range(1, 6)]


def test_history_is_never_missed(connected, store, run, sweep, moves):
    run(connected)
    for key in moves:
        store.collections["stagehistory_deals"].remove(key)
    sweep(connected)
    sweep(connected)
    assert not Tombstone.objects.exists()
    assert StageChange.objects.live().count() == 5


@pytest.mark.parametrize(
    ("collection", "field", "stream"),
    [
        ("stagehistory_deals", "CREATED_TIME", "deal_history"),
        ("deals", "createdTime", "deals"),
        ("productrows", "price", "product_rows"),
    ],
)
def test_record_that_was_unreadable_once_is_asked_for_again(
    connected, store, run, sweep, moves, collection, field, stream
):
    key = min(store.collections[collection])
    good = store.get(collection, key)
    store.collections[collection].put({**good, field: "вчера"})
    run(connected)
    store.collections[collection].put(good)
    run(connected)
    assert Quarantine.objects.get().stream == stream
    sweep(connected)
    assert not Quarantine.objects.exists()
    assert differences(store, connected) == []


def test_record_that_stays_unreadable_stays_in_quarantine(connected, store, run, sweep, moves):
    held = store.get("stagehistory_deals", moves[0])
    store.collections["stagehistory_deals"].put({**held, "CREATED_TIME": "вчера"})
    run(connected)
    before = Quarantine.objects.get().last_seen_at
    sweep(connected)
    assert Quarantine.objects.get().last_seen_at > before


def vanish(store, count: int) -> None:
    for key in range(1, count + 1):
        store.hide("deals", key)


@pytest.fixture
def store():
    return make_store(deals=1000, leads=20, activities=20)


@pytest.mark.parametrize(("count", "is_braked"), [(100, False), (101, True)])
def test_brake_holds_above_a_hundred(connected, store, run, sweep, count, is_braked):
    run(connected)
    vanish(store, count)
    sweep(connected)
    sweep(connected)
    assert StreamState.objects.get(stream="deals").is_braked == is_braked
    assert Deal.objects.live().count() == (1000 if is_braked else 1000 - count)


def test_many_of_very_many_are_no_reason_to_brake(connected, store, run, sweep):
    for key in range(1001, 2101):
        store.add("deals", {"id": key, "title": "Ещё", "assignedById": BOB})
    run(connected)
    vanish(store, 104)
    sweep(connected)
    sweep(connected)
    assert Deal.objects.live().count() == 2100 - 104


def test_operator_lifts_the_brake(connected, store, run, sweep):
    run(connected)
    vanish(store, 200)
    sweep(connected)
    sweep(connected, accepts_deletions=True)
    assert Deal.objects.live().count() == 800
    assert not StreamState.objects.get(stream="deals").is_braked


def test_rights_that_come_back_release_the_brake(connected, store, run, sweep):
    run(connected)
    vanish(store, 200)
    sweep(connected)
    sweep(connected)
    for key in range(1, 201):
        store.restore("deals", key)
    sweep(connected)
    state = StreamState.objects.get(stream="deals")
    assert (state.is_braked, state.missing, Tombstone.objects.count()) == (False, 0, 0)


def test_sweep_cut_short_goes_on_where_it_stopped(connected, store, run, sweep):
    run(connected)
    store.hide("deals", 3)
    store.hide("deals", 700)
    StreamState.objects.filter(stream="deals").update(sweep_at=timezone.now(), sweep_cursor=500)
    sweep(connected)
    assert list(Tombstone.objects.values_list("external_id", flat=True)) == ["700"]


def test_stream_that_cannot_be_swept_does_not_hold_up_the_others(connected, server, store, run, sweep):
    run(connected)
    vanish(store, 50)
    server.faults.add("insufficient_scope", method="crm.activity.list")
    sweep(connected)
    assert StreamState.objects.get(stream="activities").swept_at is None
    server.faults.clear()
    ended = sweep(connected)
    assert ended.streams["deals"]["buried"] == 50
    assert StreamState.objects.get(stream="activities").swept_at


def test_sweep_asks_for_ids_only(connected, server, store, run, sweep):
    run(connected)
    server.log.clear()
    sweep(connected)
    assert server.log.counters["requests"] <= 16


def test_record_without_an_id_convicts_nobody(connected, server, run, sweep):
    run(connected)
    for _ in range(2):
        server.faults.add("malformed", method="crm.item.list", ids=[5], fields={"id": "пять"}, times=3)
        sweep(connected)
        server.faults.clear()
    assert not Tombstone.objects.exists()
