"""From a stream's declaration to the request that reads it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from crmsync.bitrix24.listings import (
    build_listing,
    build_select,
    find_custom_names,
    needs_schema,
    take_custom_fields,
)
from crmsync.bitrix24.streams import BY_KEY
from crmsync.windows import Window

MOSCOW = timezone(timedelta(hours=3))
SINCE = Window(since=datetime(2026, 3, 1, 21, 30, 15, 999_999, tzinfo=UTC), after=100)
DEALS, CONTACTS, PEOPLE = BY_KEY["deals"], BY_KEY["contacts"], BY_KEY["people"]
ALIASED = {name: {"type": "string"} for name in ("id", "emailWork", "phoneWork", "phoneMobile")}
COST = {"ufCrmCost": {"upperName": "UF_CRM_COST"}, "ufCrm_1747309879": {"upperName": "UF_CRM_1747309879"}}


def build(key: str, window: Window, schema: dict[str, Any] | None = None, custom: tuple[str, ...] = ()) -> Any:
    return build_listing(BY_KEY[key], window, schema=schema or {}, custom=custom, offset=MOSCOW)


def test_first_window_has_no_bound() -> None:
    listing = build("deals", Window())
    assert listing.method == "crm.item.list"
    assert set(listing.params) == {"entityTypeId", "select"}
    assert (listing.params["entityTypeId"], listing.key, listing.items) == (2, "id", "items")


def test_bound_is_inclusive_in_whole_seconds_of_the_portals_offset() -> None:
    assert build("deals", SINCE).params["filter"] == {">=updatedTime": "2026-03-02T00:30:15+03:00"}
    assert build("activities", SINCE).params["filter"] == {">=LAST_UPDATED": "2026-03-02T00:30:15+03:00"}
    assert build("deal_history", SINCE).params["filter"] == {">=CREATED_TIME": "2026-03-02T00:30:15+03:00"}


def test_stream_that_is_read_whole_has_no_bound() -> None:
    assert build("people", SINCE).params == {}
    assert build("departments", SINCE).params == {"sort": "ID", "order": "ASC"}


def test_people_are_filtered_and_sorted_their_own_way() -> None:
    listing = build("people", Window())
    assert (listing.filter_name, listing.flat_sort) == ("FILTER", True)


def test_declaration_is_not_changed_by_a_request() -> None:
    build("lead_history", SINCE).params["filter"]["x"] = 1
    assert BY_KEY["lead_history"].params == {"entityTypeId": 1}


def test_offered_aliases_are_requested_by_name() -> None:
    select = build_select(CONTACTS, ALIASED, [])
    assert {"emailWork", "phoneWork", "phoneMobile"} <= set(select)
    assert {"email", "phoneHome", "fm", "*"}.isdisjoint(select)


def test_without_aliases_everything_is_requested_of_contacts_alone() -> None:
    assert build_select(CONTACTS, {"id": {}}, []) == ["*"]
    assert "*" not in build_select(DEALS, {}, [])


def test_custom_fields_are_requested_in_the_portals_spelling() -> None:
    assert build_select(DEALS, COST, ["UF_CRM_COST"])[-1] == "ufCrmCost"
    assert build_select(CONTACTS, COST, ["UF_CRM_COST"]) == ["*", "ufCrmCost"]


def test_custom_field_that_the_portal_lacks_is_left_out() -> None:
    assert find_custom_names(COST, ["UF_CRM_1747309879", "UF_CRM_GONE"]) == {"ufCrm_1747309879": "UF_CRM_1747309879"}
    assert find_custom_names({"a": None, "b": {"upperName": None}}, ["UF_CRM_COST"]) == {}


def test_custom_fields_are_gathered_under_their_own_names() -> None:
    raw = {"id": 7, "ufCrmCost": "300|RUB"}
    gathered = take_custom_fields(raw, {"ufCrmCost": "UF_CRM_COST", "ufCrmGone": "UF_CRM_GONE"})
    assert gathered["custom_fields"] == {"UF_CRM_COST": "300|RUB", "UF_CRM_GONE": None}
    assert "custom_fields" not in raw


def test_only_what_needs_the_list_of_fields_asks_for_it() -> None:
    assert needs_schema(CONTACTS, []) and needs_schema(DEALS, ["UF_CRM_COST"])
    assert not needs_schema(DEALS, []) and not needs_schema(PEOPLE, ["UF_X"])
