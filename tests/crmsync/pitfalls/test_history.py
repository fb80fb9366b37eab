"""Pitfalls 30, 31 and 40: history that the portal forgets, and records that it shows no more."""

import pytest

from crmsync.models import Activity, Deal, DealProduct, Entity, StageChange, SyncRun
from tests.crmsync.sync.company import differences, find_deal

HISTORY = {"entityTypeId": 2, "filter": {"OWNER_ID": 4}}
WAYS_OUT = {
    "delete": lambda store: store.delete("deals", 4),
    "bin": lambda store: store.hide("deals", 4),
    "merge": lambda store: store.merge("deals", 4, into=5),
    "rights": lambda store: store.rights.update({(1, "deals"): {"!id": 4}}),
}


def read_history(caller):
    return [row["ID"] for row in caller.call("crm.stagehistory.list", HISTORY).result["items"]]


def read_mirror():
    history = StageChange.objects.filter(entity=Entity.DEAL, owner_external_id=4)
    return sorted(history.values_list("external_id", flat=True))


@pytest.mark.pitfall(30)
@pytest.mark.parametrize("forgets", [True, False])
def test_history_that_the_portal_drops_stays_mirrored(connected, caller, store, run, forgets):
    store.forgets_history = forgets
    for stage in ("PREPARATION", "EXECUTING"):
        store.update("deals", 4, stageId=stage)
    run(connected)
    before = read_history(caller)
    store.update("deals", 4, categoryId=7, stageId="C7:NEW")
    run(connected, full=True)
    assert len(read_history(caller)) == (1 if forgets else 3)
    assert read_mirror() == sorted({*before, *read_history(caller)})
    assert find_deal(connected, 4).pipeline_external_id == 7


@pytest.mark.pitfall(31)
@pytest.mark.parametrize("kind", [4, 99])
def test_history_of_an_unknown_type_is_kept(connected, caller, store, run, kind):
    row = {"TYPE_ID": kind, "OWNER_ID": 4, "CATEGORY_ID": 0, "STAGE_SEMANTIC_ID": "P", "STAGE_ID": "EXECUTING"}
    key = store.add("stagehistory_deals", row)
    assert caller.call("crm.stagehistory.list", HISTORY).result["items"][-1]["TYPE_ID"] == kind
    assert run(connected).quarantined == 0
    assert StageChange.objects.get(entity=Entity.DEAL, external_id=key).change_type == kind


@pytest.mark.pitfall(40)
@pytest.mark.parametrize("way", WAYS_OUT)
def test_record_that_is_no_longer_listed_stays_mirrored(connected, caller, store, run, way):
    run(connected)
    WAYS_OUT[way](store)
    assert not caller.call("crm.item.list", {"entityTypeId": 2, "filter": {"id": 4}}).result["items"]
    assert run(connected, full=True).outcome == SyncRun.Outcome.COMPLETE
    assert Deal.objects.filter(portal=connected, external_id=4).count() == 1


@pytest.mark.pitfall(40)
def test_record_that_comes_back_is_the_same_one(connected, store, run):
    run(connected)
    before = find_deal(connected, 4).pk
    store.hide("deals", 4)
    run(connected, full=True)
    store.restore("deals", 4)
    run(connected, full=True)
    assert find_deal(connected, 4).pk == before
    assert differences(store, connected) == []


@pytest.mark.pitfall(40)
def test_what_a_merged_record_owned_follows_it(connected, store, run):
    run(connected)
    store.merge("deals", 7, into=5)
    run(connected)
    assert Activity.objects.filter(owner_external_id=5).count() == 2
    assert DealProduct.objects.filter(deal_external_id=5).count() == 2
