"""The classic lists: people, dictionaries, stage history, activities."""

import pytest

from crmsync.sandbox import SandboxServer, Store
from crmsync.sandbox.schema import Record

from .wire import ask


def test_users_are_filtered_by_a_boolean_and_keep_their_keys(server):
    active = ask(server, "user.get", {"FILTER": {"ACTIVE": True}})
    assert active["result"] == [{"ID": "1", "NAME": "Alice", "ACTIVE": True}]
    assert ask(server, "user.get", {"FILTER": {">ID": 1}})["result"][0]["NAME"] == "Bob"


def test_lower_case_parameter_wins_over_its_upper_case_twin(server):
    both = {"FILTER": {"ID": "1"}, "filter": {"ID": "2"}}
    assert [user["ID"] for user in ask(server, "user.get", both)["result"]] == ["2"]


def test_unreadable_moment_gives_no_users_and_no_error(server):
    assert ask(server, "user.get", {"filter": {">LAST_LOGIN": "soon"}})["result"] == []


def test_departments_filter_at_the_top_level():
    rows: list[Record] = [
        {"ID": "1", "NAME": "Root", "SORT": 500},
        {"ID": "2", "NAME": "Sales", "PARENT": "1", "UF_HEAD": "7"},
    ]
    with SandboxServer(Store.from_records({"departments": rows})) as server:
        assert ask(server, "department.get", {"PARENT": 1})["result"] == [rows[1]]
        assert ask(server, "department.get")["total"] == 2


def test_status_list_takes_scalars_only(server):
    stages = ask(server, "crm.status.list", {"filter": {"ENTITY_ID": "DEAL_STAGE"}})["result"]
    assert [row["STATUS_ID"] for row in stages][-3:] == ["WON", "LOSE", "APOLOGY"]
    refused = ask(server, "crm.status.list", {"filter": {"ENTITY_ID": ["STATUS"]}})
    assert (refused["error"], refused["error_description"]) == ("", "Filter by ENTITY_ID must be a string")


def test_stage_ids_of_other_pipelines_are_prefixed_and_cut():
    store = Store.from_records({"categories": [{"id": 10, "name": "Ten"}]})
    with SandboxServer(store) as server:
        rows = ask(server, "crm.status.list", {"filter": {"ENTITY_ID": "DEAL_STAGE_10"}})["result"]
    assert rows[2]["STATUS_ID"] == "C10:PREPAYMENT_INVOIC"


def test_pipelines_exist_for_deals_only(server):
    assert ask(server, "crm.category.list", {"entityTypeId": 2})["result"]["categories"][0]["id"] == 0
    assert ask(server, "crm.category.list", {"entityTypeId": 1})["error"] == "ENTITY_TYPE_NOT_SUPPORTED"


def test_currency_total_is_always_zero(server):
    answer = ask(server, "crm.currency.list")
    assert (answer["total"], answer["result"][0]["BASE"]) == (0, "Y")
    assert ask(server, "crm.currency.base.get")["result"] == "RUB"


def test_stage_history_is_wrapped_and_made_of_numbers(server, store):
    store.update("deals", 1, stageId="LOSE")
    rows = ask(server, "crm.stagehistory.list", {"entityTypeId": 2, "filter": {">ID": 0}})["result"]["items"]
    assert (rows[0]["ID"], rows[0]["OWNER_ID"], rows[0]["TYPE_ID"]) == (1, 1, 3)
    assert ask(server, "crm.stagehistory.list", {"entityTypeId": 3})["error"] == 0


@pytest.fixture
def activities():
    rows: list[Record] = [
        {"ID": "1", "START_TIME": "2026-02-03T10:00:00+03:00", "DIRECTION": "1"},
        {"ID": "2", "START_TIME": "2026-02-01T10:00:00+03:00", "COMMUNICATIONS": [{"VALUE": "+7"}]},
        {"ID": "10", "START_TIME": "2026-02-02T10:00:00+03:00", "LAST_UPDATED": "2026-02-05T10:00:00+03:00"},
    ]
    with SandboxServer(Store.from_records({"activities": rows})) as server:
        yield server


def test_activities_come_by_start_time_unless_told_otherwise(activities):
    assert [row["ID"] for row in ask(activities, "crm.activity.list")["result"]] == ["2", "10", "1"]
    by_id = ask(activities, "crm.activity.list", {"order": {"ID": "ASC"}, "start": -1})["result"]
    assert [row["ID"] for row in by_id] == ["1", "2", "10"]


def test_communications_are_shown_only_when_named(activities):
    assert "COMMUNICATIONS" not in ask(activities, "crm.activity.list")["result"][0]
    named = ask(activities, "crm.activity.list", {"select": ["ID", "COMMUNICATIONS"]})["result"][0]
    assert named == {"ID": "2", "COMMUNICATIONS": [{"VALUE": "+7"}]}


def test_unknown_filter_in_a_classic_list_is_ignored_silently(activities):
    wanted = {"filter": {"NO_SUCH_FIELD": 1, ">=LAST_UPDATED": "2026-02-05T06:59:00Z"}}
    assert [row["ID"] for row in ask(activities, "crm.activity.list", wanted)["result"]] == ["10"]


def test_custom_deal_fields_are_listed(server):
    rows = ask(server, "crm.deal.userfield.list")["result"]
    assert (rows[0]["FIELD_NAME"], rows[0]["USER_TYPE_ID"]) == ("UF_CRM_COST", "money")
