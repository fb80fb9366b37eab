"""First, later and empty runs."""

from datetime import date, timedelta

import pytest

from crmsync.bitrix24.streams import BY_KEY
from crmsync.models import Activity, Employee, StreamState, SyncRun, TouchedDay
from tests.crmsync.sync.company import BOB, CAROL, NOON, differences, find_deal, stamp


def test_first_run_takes_everything(connected, store, run):
    first = run(connected)
    assert first.outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []


def test_every_stream_has_a_watermark_after_a_run(connected, run):
    run(connected)
    states = dict(StreamState.objects.values_list("stream", "watermark_at"))
    assert set(states) == set(BY_KEY)
    assert all(states.values())


def test_run_with_nothing_new_costs_two_requests(connected, server, run):
    run(connected)
    assert run(connected).requests == 2


def test_run_with_nothing_new_changes_nothing(connected, run, touched):
    run(connected)
    touched(connected)
    assert run(connected).changed == 0
    assert touched(connected) == set()


def test_new_and_changed_records_arrive_with_the_next_run(connected, store, run):
    run(connected)
    store.update("deals", 5, opportunity=777)
    store.add("deals", {"title": "Новая", "assignedById": CAROL, "opportunity": 5})
    store.update("activities", 7, DIRECTION="1")
    run(connected)
    assert differences(store, connected) == []


def test_first_walk_touches_every_day_at_once(connected, run):
    run(connected)
    assert set(TouchedDay.objects.values_list("employee", "day")) == {(None, None)}


def test_moved_credit_touches_old_and_new_day_and_employee(connected, store, run, touched):
    run(connected)
    touched(connected)
    store.update("deals", 4, assignedById=CAROL)
    run(connected)
    day = (NOON + timedelta(days=4)).date()
    assert touched(connected) == {(BOB, day), (CAROL, day)}


def test_full_run_reads_everything_again(connected, store, run):
    run(connected)
    again = run(connected, full=True)
    assert again.done >= len(store.collections["deals"]) + len(store.collections["activities"])
    assert again.changed == 0


def test_only_the_named_stream_is_read(connected, run):
    run(connected, streams=[BY_KEY["people"]])
    assert set(StreamState.objects.values_list("stream", flat=True)) == {"people"}
    assert Employee.objects.count() == 3


def test_late_edit_of_an_old_record_is_seen(connected, store, run):
    run(connected)
    store.update("deals", 1, title="Старая сделка, новая правка")
    run(connected)
    assert find_deal(connected, 1).title == "Старая сделка, новая правка"


@pytest.mark.pitfall(17)
def test_records_of_the_same_second_are_all_seen(connected, store, run):
    store.clock = lambda: (NOON + timedelta(days=40)).timestamp()
    for key in range(1, 121, 2):
        store.update("deals", key, at=stamp(40), title=f"Та же секунда {key}")
    run(connected)
    # The portal's clock has not moved on: these edits carry the second at which the first run began.
    for key in range(2, 121, 2):
        store.update("deals", key, at=stamp(40), title=f"Та же секунда {key}")
    connected.overlap_hours = 0
    connected.save()
    run(connected)
    assert differences(store, connected) == []


@pytest.mark.pitfall(18)
@pytest.mark.parametrize("hours", [-12, -2, 1])
def test_clock_of_the_user_may_be_shifted(connected, server, store, run, hours):
    run(connected)
    server.knobs.user_tz_shift = hours * 3600
    store.update("deals", 9, opportunity=4242)
    run(connected)
    assert find_deal(connected, 9).amount == 4242


@pytest.mark.pitfall(18)
def test_overlap_is_what_saves_shifted_stamps(connected, server, store, run):
    connected.overlap_hours = 0
    connected.save()
    run(connected)
    server.knobs.user_tz_shift = -12 * 3600
    store.update("deals", 9, opportunity=4242)
    run(connected)
    assert find_deal(connected, 9).amount == 1009


def test_edit_behind_the_cursor_is_seen_by_the_next_run(connected, server, store, run):
    edited: list[bool] = []

    def edit(call):
        if call.method == "crm.activity.list" and not edited:
            edited.append(store.update("deals", 2, opportunity=31337))

    server.on_request(edit)
    run(connected)
    run(connected)
    assert edited and differences(store, connected) == []


def test_record_added_while_paging_is_not_lost(connected, server, store, run):
    added: list[int] = []

    def add(call):
        if call.method == "crm.item.productrow.list" and not added:
            added.append(store.add("deals", {"title": "Пока листали", "assignedById": BOB, "opportunity": 1}))

    server.on_request(add)
    run(connected)
    run(connected)
    assert added and differences(store, connected) == []


def test_unknown_provider_is_kept_and_named(connected, store, run):
    store.add("activities", {"ID": "900", "TYPE_ID": "6", "PROVIDER_ID": "XYZ_APP", "RESPONSIBLE_ID": "2"}, at=stamp(1))
    run(connected)
    assert Activity.objects.get(external_id=900).kind == Activity.Kind.UNKNOWN


@pytest.mark.pitfall(46)
def test_hidden_user_becomes_a_stub(connected, store, run):
    store.update("deals", 8, assignedById=77)
    run(connected)
    stub = find_deal(connected, 8).responsible
    assert stub and (stub.external_id, stub.is_stub, str(stub)) == (77, True, "ID 77")


@pytest.mark.pitfall(46)
def test_stub_gets_its_name_when_the_portal_lists_it(connected, store, run):
    store.update("deals", 8, assignedById=77)
    run(connected)
    store.add("users", {"ID": "77", "NAME": "Ева", "ACTIVE": False})
    run(connected)
    assert str(find_deal(connected, 8).responsible) == "Ева"


def test_custom_fields_are_copied(connected, store, run):
    connected.custom_fields = {"deal": ["UF_CRM_COST"]}
    connected.save()
    store.update("deals", 3, UF_CRM_COST="300|RUB")
    run(connected)
    assert find_deal(connected, 3).custom_fields == {"UF_CRM_COST": "300|RUB"}


def test_progress_tells_done_expected_and_streams(connected, run):
    seen = []
    last = run(connected, report=lambda run: seen.append((run.done, run.expected)))
    assert seen == sorted(seen)
    assert seen[-1][0] == last.done
    assert last.streams["deals"]["read"] == 130


def test_full_run_after_a_change_of_zone_moves_the_days(connected, store, run):
    store.update("deals", 4, createdTime="2026-03-05T00:30:00+03:00")
    run(connected)
    connected.time_zone = "Europe/Kaliningrad"
    connected.save()
    run(connected, full=True)
    assert find_deal(connected, 4).created_on == date(2026, 3, 4)


def test_counted_window_costs_one_request_a_stream(connected, server, store, run):
    run(connected)
    for key in range(1, 121):
        store.update("deals", key, title=f"Правка {key}")
    server.log.clear()
    run(connected)
    asked = [entry.commands for entry in server.log if "crm.item.list" in entry.commands]
    assert [len(commands) for commands in asked[1:]] == [3]
    assert differences(store, connected) == []


@pytest.mark.parametrize("total", [1, 60, 100_000])
def test_wrong_total_costs_requests_but_no_record(connected, server, store, run, total):
    run(connected)
    server.faults.add("total_lies", total=total)
    for key in range(1, 121):
        store.update("deals", key, title=f"Правка {key}")
    run(connected)
    assert differences(store, connected) == []
