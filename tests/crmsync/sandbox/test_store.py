"""Changes to the store: stamps, history rows, no-ops, deletion, hiding."""

import pytest

from crmsync.sandbox import Store

from .conftest import DAY_ZERO

HOUR = 3600


def history(store, deal):
    rows = store.collections["stagehistory_deals"]
    found = (rows.get(key) for key in rows)
    return [(row["TYPE_ID"], row["STAGE_ID"]) for row in found if row["OWNER_ID"] == deal]


def test_added_deal_gets_the_next_id_a_stamp_and_a_history_row(store):
    key = store.add("deals", {"title": "New"})
    assert key == 121
    assert store.record("deals", key)["createdTime"] == "2026-03-01T12:00:00+03:00"
    assert history(store, key) == [(1, "NEW")]


def test_stage_move_stamps_flags_and_history(store, clock):
    clock.now += HOUR
    assert store.update("deals", 1, stageId="WON", by=2)
    deal = store.record("deals", 1)
    assert deal["movedTime"] == deal["updatedTime"] == "2026-03-01T13:00:00+03:00"
    assert (deal["closed"], deal["stageSemanticId"], deal["movedBy"]) == ("Y", "S", 2)
    assert history(store, 1) == [(3, "WON")]


def test_reopened_and_rerouted_deals_write_their_own_types(store):
    store.update("deals", 3, stageId="EXECUTING")
    store.update("deals", 3, categoryId=1, stageId="C1:NEW")
    assert history(store, 3) == [(2, "EXECUTING"), (5, "C1:NEW")]
    assert store.record("deals", 3)["closed"] == "N"


def test_update_that_changes_nothing_leaves_the_stamp(store):
    before = dict(store.get("deals", 1))
    assert store.update("deals", 1, title=before["title"]) is False
    assert store.get("deals", 1) == before


def test_edit_without_a_move_touches_only_the_modification_stamp(store):
    before = dict(store.get("deals", 1))
    store.update("deals", 1, opportunity=5, at=DAY_ZERO + HOUR)
    after = store.get("deals", 1)
    assert after == {**before, "opportunity": 5, "updatedTime": "2026-03-01T13:00:00+03:00"}


def test_lead_moves_are_kept_in_lead_history(store):
    lead = store.add("leads", {"title": "Lead"})
    store.update("leads", lead, stageId="CONVERTED")
    row = store.record("stagehistory_leads", 2)
    assert (row["STATUS_ID"], row["STATUS_SEMANTIC_ID"], row["TYPE_ID"]) == ("CONVERTED", "S", 3)
    assert store.record("leads", lead)["dateClosed"] == "2026-03-01T12:00:00+03:00"


def test_activity_edit_bumps_last_updated(store, clock):
    key = store.add("activities", {"TYPE_ID": "4", "OWNER_ID": "1", "OWNER_TYPE_ID": "2"})
    clock.now += HOUR
    store.update("activities", key, COMPLETED="Y")
    assert store.record("activities", key)["LAST_UPDATED"] == "2026-03-01T13:00:00+03:00"


def test_deleted_deal_takes_its_belongings_along(store):
    activity = store.add("activities", {"OWNER_ID": "1", "OWNER_TYPE_ID": "2"})
    other = store.add("activities", {"OWNER_ID": "1", "OWNER_TYPE_ID": "1"})
    row = store.add("productrows", {"ownerType": "D", "ownerId": 1})
    store.delete("deals", 1)
    gone = [store.get("deals", 1), store.get("activities", activity), store.get("productrows", row)]
    assert gone == [None, None, None]
    assert store.get("activities", other)


def test_hidden_record_comes_back_as_it_was(store):
    before = store.get("deals", 1)
    store.hide("deals", 1)
    assert store.get("deals", 1) is None
    store.restore("deals", 1)
    assert store.get("deals", 1) == before


def test_update_of_a_missing_record_is_an_error(store):
    with pytest.raises(KeyError):
        store.update("deals", 999, title="x")


def test_missing_fields_are_derived_or_empty():
    store = Store.from_records({"deals": [{"id": 7, "createdTime": "2026-01-01T00:30:00Z", "contactIds": [5]}]})
    deal = store.record("deals", 7)
    assert deal["createdTime"] == deal["updatedTime"] == deal["movedTime"] == "2026-01-01T03:30:00+03:00"
    assert (deal["contactId"], deal["companyId"], deal["leadId"], deal["isRecurring"]) == (5, 0, None, "N")


def test_date_only_value_is_printed_with_the_offset_as_noise():
    store = Store.from_records({"deals": [{"id": 7, "closedate": "2026-01-31"}]}, utc_offset="-05:00")
    assert store.record("deals", 7)["closedate"] == "2026-01-31T19:00:00-05:00"
