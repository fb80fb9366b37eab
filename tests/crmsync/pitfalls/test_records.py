"""Pitfalls 21 to 24, 27 and 28: one record in many spellings, and records that are no sales."""

from datetime import date
from typing import Any

import pytest

from crmsync.models import Activity, Company, Deal, Employee
from tests.crmsync.sync.company import differences, find_deal, make_deal, make_won_deal, stamp

NOTHINGS: list[Any] = [None, "", "0", 0, False, [], {}]


@pytest.mark.pitfall(21)
@pytest.mark.parametrize(
    ("shape", "written"),
    [
        (None, "2026-03-09T03:00:00+03:00"),
        ("midnight", "2026-03-09T00:00:00+03:00"),
        ("utc", "2026-03-09T00:00:00+00:00"),
        ("bare", "2026-03-09"),
    ],
)
def test_date_without_a_time_is_that_day_in_every_shape(connected, caller, server, store, run, shape, written):
    store.add("deals", make_deal(500, closedate="2026-03-09"))
    if shape:
        server.faults.add("date_shape", shape=shape)
    assert caller.call("crm.item.list", {"entityTypeId": 2, "start": 100}).result["items"][-1]["closedate"] == written
    run(connected)
    assert find_deal(connected, 500).planned_close_on == date(2026, 3, 9)


@pytest.mark.pitfall(21)
def test_date_of_a_portal_in_the_west_is_that_day(connected, store, run):
    store.update("deals", 4, closedate="2026-03-08T19:00:00-05:00")
    run(connected)
    assert find_deal(connected, 4).planned_close_on == date(2026, 3, 9)


@pytest.mark.pitfall(22)
@pytest.mark.parametrize("written", ["list", "map"])
def test_empty_map_may_be_a_list(connected, caller, server, store, run, written):
    if written == "map":
        server.faults.add("empty_map")
    assert caller.call("crm.activity.list").result[0]["SETTINGS"] == ([] if written == "list" else {})
    run(connected)
    assert differences(store, connected) == []


@pytest.mark.pitfall(23)
def test_every_spelling_of_nothing_is_nothing(connected, server, store, run):
    for key in range(1, 60):
        store.update("deals", key, opportunity=0, sourceId=None, companyId=0, assignedById=None, closedate="")
        store.update("activities", key, RESPONSIBLE_ID=None, DEADLINE="")
    run(connected)
    fault = server.faults.add("empty_values")
    assert run(connected, full=True).changed == 0
    assert fault.hits > 5


@pytest.mark.pitfall(23)
def test_nobody_is_responsible_in_every_spelling(connected, store, run):
    for key, nothing in enumerate(NOTHINGS, start=1):
        store.collections["deals"].put({**store.get("deals", key), "assignedById": nothing})
    run(connected)
    assert Deal.objects.filter(external_id__lte=7, responsible=None).count() == 7
    assert not Employee.objects.filter(is_stub=True).exists()


@pytest.mark.pitfall(24)
@pytest.mark.parametrize("dialect", ["classic", "universal"])
def test_both_dialects_are_one_record(connected, caller, server, run, dialect):
    run(connected)
    fault = server.faults.add("dialect", of=dialect)
    assert type(caller.call("crm.item.get", {"entityTypeId": 2, "id": 1}).result["item"]["id"]) is int
    key = caller.call("crm.item.list", {"entityTypeId": 2}).result["items"][0]["id"]
    owner = caller.call("crm.activity.list").result[0]["OWNER_ID"]
    assert (type(key), type(owner)) == ((str, str) if dialect == "classic" else (int, int))
    assert (run(connected, full=True).changed, fault.hits > 5) == (0, True)


@pytest.mark.pitfall(27)
def test_primary_contact_need_not_be_the_first(connected, store, run):
    store.update("deals", 1, contactId=6, contactIds=[5, 6, 7])
    store.update("deals", 2, contactId=0, contactIds=[5, 6, 7])
    run(connected)
    assert [find_deal(connected, key).contact_external_id for key in (1, 2)] == [6, 5]


@pytest.mark.pitfall(28)
def test_templates_are_no_sales(connected, store, run):
    store.add("deals", make_won_deal(500, isRecurring="Y"))
    run(connected)
    assert Deal.objects.filter(external_id=500, semantics="S").exists()
    assert not Deal.objects.won().filter(external_id=500).exists()


@pytest.mark.pitfall(28)
def test_own_companies_are_marked(connected, store, run):
    store.add("companies", {"id": 1, "title": "Мы", "isMyCompany": "Y"}, at=stamp(1))
    store.add("companies", {"id": 2, "title": "Клиент"}, at=stamp(1))
    run(connected)
    assert dict(Company.objects.values_list("title", "is_own")) == {"Мы": True, "Клиент": False}


@pytest.mark.pitfall(23)
def test_record_of_nothing_but_an_id_and_its_creation_is_read(connected, store, run):
    bare: dict[str, Any] = {name: {} for name in store.get("activities", 1)} | {"ID": "1", "CREATED": stamp(1)}
    store.collections["activities"].put(bare)
    assert run(connected).quarantined == 0
    assert Activity.objects.get(external_id=1).started_at is not None
