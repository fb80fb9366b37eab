"""Habits of the portal that tests turn on: rights, scripts, bindings, merges, schemas that change, other spellings."""

import pytest

from crmsync.sandbox.faults import parse_fault
from crmsync.sandbox.script import Script

from .wire import ask

DEALS = {"entityTypeId": 2}


def list_deals(server, **params):
    return ask(server, "crm.item.list", {**DEALS, **params})


def test_rights_hide_records_and_refuse_the_one_asked_for(server, store):
    store.rights[1, "deals"] = {"assignedById": [2]}
    assert list_deals(server)["total"] == 60
    assert ask(server, "crm.item.get", {**DEALS, "id": 2})["error"] == "ACCESS_DENIED"
    assert ask(server, "crm.item.get", {**DEALS, "id": 1})["result"]["item"]["id"] == 1


def test_rights_of_one_user_are_nobody_elses(server, store):
    store.rights[2, "deals"] = {"assignedById": [2]}
    assert list_deals(server)["total"] == 120


def test_rights_hide_people_too(server, store):
    store.rights[1, "users"] = {"!ID": 2}
    assert [user["ID"] for user in ask(server, "user.get")["result"]] == ["1"]


def test_rights_hold_where_a_filter_is_ignored(server, store):
    store.rights[1, "deals"] = {"assignedById": [2]}
    server.faults.add("ignore_filter")
    assert list_deals(server, filter={"opportunity": 1})["total"] == 60


def test_script_acts_once_before_the_page_it_names(server, store):
    script = Script("crm.item.list", 2, lambda: store.delete("deals", 1), {"entityTypeId": 2})
    server.on_request(script)
    ask(server, "crm.item.list", {"entityTypeId": 1})
    assert [list_deals(server)["total"] for _ in range(3)] == [120, 119, 119]
    assert script.played


def test_bindings_repeat_an_activity_and_are_paged(server, store):
    owners = [{"OWNER_TYPE_ID": 2, "OWNER_ID": key} for key in (1, 2)]
    for _ in range(30):
        store.add("activities", {"OWNER_TYPE_ID": "2", "OWNER_ID": "1", "BINDINGS": owners})
    first = ask(server, "crm.activity.list", {"filter": {"BINDINGS": owners}})
    rest = ask(server, "crm.activity.list", {"filter": {"BINDINGS": owners}, "start": first["next"]})
    assert (first["total"], len(first["result"]), len(rest["result"]), "next" in rest) == (60, 50, 10, False)
    uncounted = ask(server, "crm.activity.list", {"filter": {"BINDINGS": owners[0]}, "start": -1})
    assert (len(uncounted["result"]), "total" in uncounted) == (30, False)


def test_merged_contact_is_replaced_wherever_it_was_named(store):
    one, other = (store.add("contacts", {"name": name}) for name in "AB")
    store.update("deals", 3, contactId=one, contactIds=[one])
    key = store.add("activities", {"OWNER_TYPE_ID": "3", "OWNER_ID": str(one)})
    assert store.merge("contacts", one, into=other)
    assert store.get("deals", 3)["contactIds"] == [other]
    assert store.get("deals", 3)["contactId"] == store.get("activities", key)["OWNER_ID"] == other
    assert store.get("contacts", one) is None
    assert not store.merge("contacts", one, into=other)


def test_portal_that_forgets_keeps_history_of_the_last_pipeline(store):
    store.forgets_history = True
    store.update("deals", 2, stageId="EXECUTING")
    store.update("deals", 2, categoryId=7)
    history = store.collections["stagehistory_deals"]
    assert [row[0] for row in history.rows(list(history), ("TYPE_ID",))] == [5]


def test_deleted_stage_means_nothing(store):
    keys = store.collections["statuses"]
    won = next(key for key in keys if store.get("statuses", key)["STATUS_ID"] == "WON")
    assert store.semantics["deals:WON"] == "S"
    store.delete("statuses", won)
    assert "deals:WON" not in store.semantics


def test_enumeration_is_described_with_its_options_until_it_is_dropped(server, store):
    store.add_field("deals", "UF_CRM_SIZE", kind="enumeration", options=["S", "L"])
    described = ask(server, "crm.item.fields", DEALS)["result"]["fields"]["ufCrm_SIZE"]
    assert (described["type"], described["items"][1]) == ("enumeration", {"ID": "45", "VALUE": "L"})
    store.drop_field("deals", "UF_CRM_SIZE")
    assert "ufCrm_SIZE" not in ask(server, "crm.item.fields", DEALS)["result"]["fields"]
    assert list_deals(server, filter={"ufCrm_SIZE": "45"})["error"] == "INVALID_ARG_VALUE"


def test_field_of_a_taken_name_keeps_the_raw_one(server, store):
    store.update("deals", 1, UF_CRM_3_TWIN="x")
    assert "ufCrm3Twin" in list_deals(server)["result"]["items"][0]
    store.raw_names.add("UF_CRM_3_TWIN")
    assert list_deals(server, filter={"UF_CRM_3_TWIN": "x"})["total"] == 1


@pytest.mark.parametrize(("dialect", "deal", "user"), [("classic", ("1", "100.50"), "1"), ("universal", (1, 100.5), 1)])
def test_dialects_spell_numbers(server, dialect, deal, user):
    server.faults.add("dialect", of=dialect)
    first = list_deals(server)["result"]["items"][0]
    assert ((first["id"], first["opportunity"]), first["closed"]) == (deal, "N")
    found = ask(server, "user.get")["result"][0]
    assert (found["ID"], found["ACTIVE"]) == (user, True)


def test_shapes_are_ordered_on_the_command_line():
    assert parse_fault("date_shape=utc")["shape"] == "utc"
    assert parse_fault("wrong_end=6:crm.activity.list") == {
        "kind": "wrong_end",
        "hours": 6.0,
        "method": "crm.activity.list",
    }
