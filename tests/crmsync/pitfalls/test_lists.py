"""Pitfalls 13 to 16, 19 and 20: what a list leaves out, repeats or ignores, and what happens between two pages."""

from itertools import islice

import pytest

from crmsync.bitrix24 import pace
from crmsync.bitrix24.keyset import PAGE_SIZE, Listing, Page, unwrap
from crmsync.models import Deal, StreamState, SyncRun
from crmsync.sandbox.script import Script
from tests.crmsync.sync.company import BOB, CAROL, differences, find_deal

DEALS = {"entityTypeId": 2}
PAGE = {**DEALS, "select": ["id"], "order": {"id": "ASC"}}


def read_ids(answer):
    return [row["id"] for row in answer.result["items"]]


@pytest.mark.pitfall(13)
def test_rights_that_hide_records_take_nothing_from_the_mirror(connected, caller, store, run):
    run(connected)
    store.rights[1, "deals"] = {"assignedById": BOB}
    assert caller.call("crm.item.list", DEALS).total == 65
    run(connected, full=True)
    assert Deal.objects.count() == 130
    del store.rights[1, "deals"]
    run(connected, full=True)
    assert differences(store, connected) == []


@pytest.mark.pitfall(14)
@pytest.mark.parametrize(("mode", "total"), [("absent", None), ("zero", 0)])
def test_end_of_a_list_is_told_by_its_last_page(connected, caller, server, store, run, mode, total):
    server.knobs.uncounted_total = mode
    page = caller.call("crm.item.list", {**PAGE, "start": -1})
    assert (page.total, page.next, len(page.result["items"])) == (total, None, 50)
    run(connected)
    assert differences(store, connected) == []


@pytest.mark.pitfall(15)
@pytest.mark.parametrize("kind", ["ignore_cursor", "repeat_page"])
def test_list_that_does_not_move_on_is_left(connected, server, run, kind):
    server.faults.add(kind, method="crm.item.list")
    ended = run(connected)
    assert ended.outcome != SyncRun.Outcome.COMPLETE
    assert StreamState.objects.get(stream="deals").error_class == "StalledError"
    assert ended.requests < 50


@pytest.mark.pitfall(15)
def test_walk_that_believes_every_page_would_never_end(caller, server, monkeypatch):
    def believe(listing, answer, *, after):
        return Page(unwrap(listing, answer), after + PAGE_SIZE, is_last=False, is_linked=True)

    monkeypatch.setattr(pace, "read_page", believe)
    server.faults.add("ignore_cursor", method="crm.item.list")
    pages = caller.walk(Listing("crm.item.list", params=DEALS, key="id", items="items"))
    assert sum(len(rows) for rows in islice(pages, 5)) > 2 * 130


@pytest.mark.pitfall(16)
def test_records_that_change_between_two_pages_hide_no_other(connected, server, store, run):
    def disturb():
        for key in range(1, 11):
            store.delete("deals", key)
        store.update("deals", 20, opportunity=1)
        store.add("deals", {"title": "Пока листали", "assignedById": BOB, "opportunity": 1})

    script = Script("crm.item.list", 3, disturb, DEALS)
    server.on_request(script)
    run(connected)
    run(connected)
    assert script.played
    mirrored = set(Deal.objects.values_list("external_id", flat=True))
    assert {*store.collections["deals"]} <= mirrored
    assert find_deal(connected, 20).amount == 1


@pytest.mark.pitfall(16)
def test_pages_by_offset_would_lose_records(caller, server, store):
    server.on_request(Script("crm.item.list", 2, lambda: [store.delete("deals", key) for key in range(1, 11)], DEALS))
    first = caller.call("crm.item.list", PAGE)
    second = caller.call("crm.item.list", {**PAGE, "start": first.next})
    assert set(range(51, 61)).isdisjoint(read_ids(first) + read_ids(second))


@pytest.mark.pitfall(19)
@pytest.mark.parametrize("method", ["crm.item.list", "crm.activity.list"])
def test_ignored_filter_costs_time_but_no_truth(connected, server, store, run, method):
    run(connected)
    server.faults.add("ignore_filter", method=method)
    store.update("deals", 6, opportunity=66)
    store.update("activities", 6, DIRECTION="1")
    assert run(connected).done > 100
    assert differences(store, connected) == []


@pytest.mark.pitfall(20)
def test_every_parameter_is_sent_in_one_spelling(connected, calls, run):
    run(connected)
    assert len(calls) > 20
    assert all(len({name.lower() for name in call.params}) == len(call.params) for call in calls)


@pytest.mark.pitfall(20)
def test_upper_case_twin_would_be_ignored(caller):
    twins = {"FILTER": {"ID": BOB}, "filter": {"ID": CAROL}}
    assert [user["ID"] for user in caller.call("user.get", twins).result] == [str(CAROL)]
