"""Pitfalls 25, 26, 29 and 52 to 54: custom fields that come and go, cut codes, and the habits of dictionaries."""

import pytest

from crmsync.bitrix24.errors import RequestError
from crmsync.models import Currency, SemanticsSource, SyncRun
from crmsync.sandbox.dictionaries import make_currencies
from crmsync.sandbox.script import Script
from tests.crmsync.sync.company import differences, find_deal, make_deal, stamp

SIZE = "UF_CRM_SIZE"
CUT = "C10:LOST_TO_COMPETITI"


@pytest.fixture
def sized(connected):
    connected.custom_fields = {"deal": [SIZE]}
    connected.save()
    return connected


@pytest.mark.pitfall(25)
def test_custom_field_may_appear_later(sized, store, run):
    assert run(sized).outcome == SyncRun.Outcome.COMPLETE
    store.add_field("deals", SIZE, kind="enumeration", options=["S", "L"])
    store.update("deals", 3, UF_CRM_SIZE="45")
    run(sized)
    assert find_deal(sized, 3).custom_fields == {SIZE: "45"}


@pytest.mark.pitfall(25)
@pytest.mark.parametrize("value", ["45", "999", ["44", "45"], {"id": 1}, True, ""])
def test_custom_value_of_any_type_is_kept_as_it_is(sized, store, run, value):
    store.add_field("deals", SIZE, kind="enumeration", options=["S", "L"])
    run(sized)
    store.update("deals", 3, UF_CRM_SIZE=value)
    run(sized)
    assert find_deal(sized, 3).custom_fields == {SIZE: value}


@pytest.mark.pitfall(25)
def test_custom_field_that_vanishes_while_paging_stops_nothing(sized, server, store, run):
    store.update("deals", 3, UF_CRM_SIZE="45")
    gone = Script("crm.item.list", 3, lambda: store.drop_field("deals", SIZE), {"entityTypeId": 2})
    server.on_request(gone)
    assert run(sized).outcome == SyncRun.Outcome.COMPLETE
    store.update("deals", 3, opportunity=7)
    assert run(sized).outcome == SyncRun.Outcome.COMPLETE
    assert gone.played
    assert differences(store, sized) == []


@pytest.mark.pitfall(26)
def test_custom_fields_are_found_whatever_the_portal_calls_them(connected, caller, store, run):
    names = ["UF_CRM_3_DIGIT", "UF_CRM_3_DIGIT10", "UF_CRM_1747309879", "UF_CRM_3_1747309727", "UF_CRM_3_TWIN"]
    store.raw_names.add("UF_CRM_3_TWIN")
    store.update("deals", 3, **{name: f"value of {name}" for name in names})
    connected.custom_fields = {"deal": names}
    connected.save()
    spelled = caller.call("crm.item.get", {"entityTypeId": 2, "id": 3}).result["item"]
    assert {"ufCrm3Digit", "ufCrm_3_DIGIT10", "ufCrm_1747309879", "ufCrm3_1747309727", "UF_CRM_3_TWIN"} <= {*spelled}
    run(connected)
    assert find_deal(connected, 3).custom_fields == {name: f"value of {name}" for name in names}


@pytest.mark.pitfall(29)
def test_cut_code_of_a_stage_is_looked_up(connected, store, run):
    row = {"ENTITY_ID": "DEAL_STAGE_10", "STATUS_ID": CUT, "NAME": "Ушли к конкуренту", "SORT": "80"}
    store.add("statuses", {**row, "SEMANTICS": "F"})
    store.add("deals", make_deal(500, categoryId=10, stageId=CUT, stageSemanticId=""))
    run(connected)
    deal = find_deal(connected, 500)
    assert (len(CUT), deal.stage_external_id, deal.semantics) == (21, CUT, "F")


@pytest.mark.pitfall(29)
@pytest.mark.parametrize(("known", "source"), [(True, SemanticsSource.DICTIONARY), (False, SemanticsSource.UNKNOWN)])
def test_deal_in_a_deleted_stage_is_kept(connected, store, run, known, source):
    stage = next(key for key in store.collections["statuses"] if store.get("statuses", key)["STATUS_ID"] == "EXECUTING")
    if known:
        run(connected)
    store.delete("statuses", stage)
    store.add("deals", make_deal(500, stageId="EXECUTING", stageSemanticId=""), at=stamp(30))
    run(connected, full=True)
    deal = find_deal(connected, 500)
    assert (deal.stage_external_id, deal.semantics, deal.semantics_source) == ("EXECUTING", "P", source)


@pytest.mark.pitfall(52)
def test_dictionary_is_asked_for_without_lists_and_select(connected, calls, run):
    run(connected)
    asked = [call.params for call in calls if call.method == "crm.status.list"]
    assert asked and all("select" not in params and not params.get("filter") for params in asked)


@pytest.mark.pitfall(52)
def test_dictionary_would_refuse_a_list_and_ignore_a_select(caller):
    with pytest.raises(RequestError):
        caller.call("crm.status.list", {"filter": {"ENTITY_ID": ["SOURCE"]}})
    assert "NAME" in caller.call("crm.status.list", {"select": ["ID"]}).result[0]


@pytest.mark.pitfall(53)
@pytest.mark.parametrize(
    "params",
    [
        {"select": ["id", "iblockId"]},
        {"select": ["id", "iblockId"], "filter": {"@iblockId": [14, 15]}},
        {"select": ["id"], "filter": {"iblockId": 14}},
    ],
)
def test_catalogue_refuses_with_a_number_whoever_names_no_list_of_it(caller, params):
    with pytest.raises(RequestError) as refused:
        caller.call("catalog.product.list", params)
    assert refused.value.code == "200040300010"


@pytest.mark.pitfall(53)
def test_products_are_asked_for_one_catalogue_at_a_time(connected, calls, store, run):
    run(connected)
    asked = [call.params for call in calls if call.method == "catalog.product.list"]
    assert {params["filter"]["iblockId"] for params in asked} == {"14", "15"}
    assert all({"id", "iblockId"} <= set(params["select"]) for params in asked)
    assert differences(store, connected) == []


@pytest.mark.pitfall(53)
def test_refusal_of_the_catalogue_is_one_of_a_stream(connected, server, store, run):
    run(connected)
    server.faults.add("odd_error", method="catalog.product.list", shape="int")
    ended = run(connected, full=True)
    assert [key for key, tally in ended.streams.items() if tally["error"]] == ["products"]
    server.faults.clear()
    run(connected)
    assert differences(store, connected) == []


@pytest.mark.pitfall(54)
def test_currencies_are_read_although_their_total_is_zero(connected, caller, store, run):
    for row in make_currencies({"USD": ("Доллар", "90"), "EUR": ("Евро", "100")}, base="RUB", updated=stamp(1)):
        store.add("currencies", row)
    assert caller.call("crm.currency.list").total == 0
    run(connected)
    assert set(Currency.objects.values_list("external_id", flat=True)) == {"RUB", "USD", "EUR"}
