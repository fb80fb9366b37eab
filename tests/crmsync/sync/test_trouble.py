"""What a run does when the portal, the way to it, or a record is bad."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from crmsync.bitrix24.client import Client, Listing
from crmsync.connect import connect_portal
from crmsync.lease import AlreadyRunningError, claim
from crmsync.models import Company, Deal, Lead, Portal, Quarantine, StreamState, SyncRun
from crmsync.sandbox.server import SandboxServer
from tests.crmsync.sync.company import differences, find_deal, make_store
from tests.crmsync.sync.conftest import open_hasty

TRANSPORT_FAULTS = ["html502", "empty200", "html200", "truncated", "cut", "reset", "internal_error", "query_limit"]


@pytest.mark.parametrize("kind", TRANSPORT_FAULTS)
def test_passing_fault_costs_nothing(connected, server, store, run, kind):
    server.faults.add(kind, times=3)
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []


@pytest.mark.parametrize("kind", TRANSPORT_FAULTS)
def test_next_run_converges_after_a_lasting_fault(connected, server, store, run, kind):
    server.faults.add(kind, method="crm.item.list", at=3)
    server.faults.add(kind, method="crm.item.list", probability=0.7)
    run(connected)
    server.faults.clear()
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []


def test_failing_command_of_a_batch_loses_no_page(connected, server, store, run):
    server.faults.add("batch_partial", method="crm.item.list", times=2)
    run(connected)
    run(connected)
    assert differences(store, connected) == []


def test_repeated_page_is_refused(connected, server, run):
    server.faults.add("ignore_cursor", method="crm.item.list")
    assert run(connected).outcome != SyncRun.Outcome.COMPLETE
    assert StreamState.objects.get(stream="deals").error_class == "StalledError"


def test_list_that_ends_before_its_own_last_record_is_not_believed(connected, store, run, monkeypatch):
    # A short page says "that was all"; this one came in the middle, while the first look had seen a later record.
    walk = Client.walk

    def walk_less(self, listing: Listing, **options: Any) -> Iterator[list[dict[str, Any]]]:
        yield from islice(walk(self, listing, **options), 1 if listing.method == "crm.activity.list" else None)

    monkeypatch.setattr(Client, "walk", walk_less)
    assert run(connected).outcome == SyncRun.Outcome.INCOMPLETE
    assert StreamState.objects.get(stream="activities").watermark_at is None
    monkeypatch.undo()
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []


def test_ignored_filter_costs_time_but_no_truth(connected, server, store, run):
    run(connected)
    server.faults.add("ignore_filter", method="crm.item.list")
    store.update("deals", 6, opportunity=66)
    run(connected)
    assert differences(store, connected) == []


def test_malformed_record_is_quarantined_and_the_rest_pass(connected, store, run):
    store.collections["deals"].put({**store.get("deals", 10), "createdTime": "вчера"})
    ended = run(connected)
    held = Quarantine.objects.get()
    assert (held.stream, held.external_id) == ("deals", "10")
    assert "createdTime" in held.reason
    assert ended.outcome == SyncRun.Outcome.COMPLETE
    assert Deal.objects.count() == 129


def test_record_leaves_quarantine_once_it_can_be_read(connected, store, run):
    good = store.get("deals", 10)
    store.collections["deals"].put({**good, "createdTime": "вчера"})
    run(connected)
    store.collections["deals"].put(good)
    run(connected, full=True)
    assert not Quarantine.objects.exists()
    assert differences(store, connected) == []


def test_missing_scope_stops_only_its_stream(connected, server, store, run):
    store.scopes.remove("user")
    server.credentials[server.code] = type(server.credentials[server.code])(1, tuple(store.scopes))
    ended = run(connected)
    assert ended.outcome == SyncRun.Outcome.INCOMPLETE
    assert ended.streams["people"]["error"] == "ScopeError"
    assert Deal.objects.count() == 130


def test_revoked_webhook_needs_attention(connected, server, run):
    run(connected)
    server.credentials.clear()
    ended = run(connected)
    connected.refresh_from_db()
    assert (ended.outcome, ended.error_class) == (SyncRun.Outcome.FAILED, "ConfigurationError")
    assert connected.connection == Portal.Connection.BROKEN
    assert connected.connection_note


def test_connection_recovers_by_itself(connected, server, run):
    known = dict(server.credentials)
    server.credentials.clear()
    run(connected)
    server.credentials.update(known)
    run(connected)
    connected.refresh_from_db()
    assert (connected.connection, connected.connection_note) == (Portal.Connection.WORKING, "")


def test_blocked_portal_stops_the_run_at_once(connected, server, run):
    server.faults.add("overload")
    ended = run(connected)
    assert (ended.outcome, ended.error_class) == (SyncRun.Outcome.FAILED, "BlockedError")
    assert ended.requests == 1


def test_paused_method_lets_other_streams_go_on(connected, server, store, run):
    server.faults.add("operation_time", method="crm.stagehistory.list", seconds=300)
    ended = run(connected)
    assert ended.streams["deal_history"]["error"] == "LimitedError"
    assert Deal.objects.count() == len(store.collections["deals"])


@pytest.fixture
def patiently(server, store):
    """Options of a run that waits; a later clock, here and on the portal, stands for the time that passes."""
    late = timedelta(0)

    def sleep(seconds):
        nonlocal late
        late += timedelta(seconds=seconds)

    def clock():
        return timezone.now() + late

    def open_waiting(portal, *, on_request):
        source = open_hasty(portal, on_request=on_request, now=clock)
        source.client.throttle.clock = clock
        return source

    store.clock = lambda: clock().timestamp()
    server.portal.dispatcher.operating.clock = store.clock
    return {"open_source": open_waiting, "clock": clock, "sleep": sleep, "patience": timedelta(minutes=30)}


def test_patient_run_waits_for_a_paused_method(connected, server, store, run, patiently):
    began = patiently["clock"]()
    server.faults.add("operation_time", method="crm.stagehistory.list", seconds=300, times=1)
    ended = run(connected, **patiently)
    assert patiently["clock"]() - began >= timedelta(seconds=250)
    assert ended.outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []


def test_full_run_reads_a_stream_that_had_to_wait_from_its_beginning(connected, server, store, run, patiently):
    run(connected, **patiently)
    server.faults.add("operation_time", method="crm.activity.list", seconds=300, times=1)
    # This call is the last one before the pause, so that the run meets it at its first look.
    open_hasty(connected, on_request=lambda: None).client.call("crm.activity.list")
    ended = run(connected, **patiently, full=True)
    assert ended.outcome == SyncRun.Outcome.COMPLETE
    assert ended.streams["activities"]["read"] == len(store.collections["activities"])


def test_two_runs_of_one_portal_cannot_overlap(connected, server, run):
    lease = claim(connected, timezone.now())
    with pytest.raises(AlreadyRunningError):
        run(connected)
    assert lease
    lease.release()
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE


def test_run_that_lost_its_portal_writes_nothing_more(connected, server, run):
    ended = run(connected, report=lambda run: run.done > 100 and Portal.objects.update(lease_fence=99))
    assert ended.outcome == SyncRun.Outcome.ABANDONED
    assert Lead.objects.count() < 60 or Deal.objects.count() < 130


def test_run_out_of_time_goes_on_where_it_stopped(connected, store, run):
    ticks = iter(range(10_000))

    def clock():
        return timezone.now() + timedelta(seconds=next(ticks))

    first = run(connected, clock=clock, budget=timedelta(seconds=60))
    assert first.outcome == SyncRun.Outcome.UNFINISHED
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []


def test_stream_that_finished_an_older_walk_is_read_up_to_now(connected, server, store, run):
    server.faults.add("internal_error", method="crm.item.list", probability=0.9)
    run(connected)
    server.faults.clear()
    for key in (1, 20, 129):
        store.update("deals", key, opportunity=key)
    run(connected)
    assert differences(store, connected) == []


def test_own_companies_are_marked(connected, store, run):
    store.add("companies", {"id": 1, "title": "Мы", "isMyCompany": "Y", "createdTime": "2026-01-01T10:00:00+03:00"})
    run(connected)
    assert Company.objects.get().is_own


def test_second_portal_never_mixes_with_the_first(connected, store, run, db):
    run(connected)
    with SandboxServer(make_store(deals=10, leads=3, activities=5), bucket_capacity=0) as other:
        second = connect_portal(other.url, name="Вторая").portal
        run(second)
    assert differences(store, connected) == []
    assert Deal.objects.filter(portal=second).count() == 10
    responsible = find_deal(second, 3).responsible
    assert responsible and responsible.portal_id == second.pk


def test_run_that_cannot_begin_gives_the_portal_back(connected, run):
    connected.activity_map = [["never", "valid"]]
    connected.save()
    with pytest.raises(ValueError, match="never"):
        run(connected)
    connected.refresh_from_db()
    assert connected.lease_until is None


def test_portal_that_is_switched_off_is_read_only_by_name(connected, server):
    Portal.objects.filter(pk=connected.pk).update(is_enabled=False)
    server.log.clear()
    with pytest.raises(CommandError, match="--portal") as refusal:
        call_command("sync")
    assert (refusal.value.returncode, len(server.log)) == (2, 0)
    call_command("sync", "--portal", str(connected.pk), "--stream", "people")
    assert len(server.log) > 0


def test_new_zone_of_a_connected_portal_is_said_to_need_a_full_run(connected, server, capsys):
    call_command("connect_portal", server.url, timezone="Asia/Omsk")
    assert "sync --full" in capsys.readouterr().out


def test_custom_field_that_the_portal_does_not_have_is_told(connected, store, run):
    connected.custom_fields = {"deal": ["UF_CRM_COST", "UF_CRM_GONE"]}
    connected.save()
    store.update("deals", 3, UF_CRM_COST="300|RUB")
    run(connected)
    assert Portal.objects.get(pk=connected.pk).missing_fields == ["UF_CRM_GONE"]
    Portal.objects.filter(pk=connected.pk).update(custom_fields={"deal": ["UF_CRM_COST"]})
    run(connected)
    assert Portal.objects.get(pk=connected.pk).missing_fields == []
