"""Pitfalls 32 to 35: activities that belong to several records, never end, or are of any kind; and calls."""

import pytest

from crmsync.bitrix24.client import Listing
from crmsync.models import Activity
from tests.crmsync.sync.company import make_activity

CALL = {"TYPE_ID": "2", "PROVIDER_ID": "VOXIMPLANT_CALL"}
ZOO = {
    ("6", "IMOPENLINES_SESSION"): "chat",
    ("6", "CRM_TASKS_TASK"): "task",
    ("6", "CRM_TODO"): "task",
    ("6", "CRM_SMS"): "ignored",
    ("6", "CRM_BIZPROC_TASK"): "ignored",
    ("6", "XYZ_APP"): "unknown",
    ("3", "TASKS"): "task",
    ("77", ""): "unknown",
}


@pytest.mark.pitfall(32)
def test_activity_that_a_list_repeats_is_read_once(caller, store):
    owners = [{"OWNER_TYPE_ID": 2, "OWNER_ID": key} for key in (1, 2)]
    store.update("activities", 1, BINDINGS=owners)
    wanted = {"filter": {"BINDINGS": owners}}
    assert [row["ID"] for row in caller.call("crm.activity.list", wanted).result] == ["1", "1", "2"]
    walked = caller.walk(Listing("crm.activity.list", params=wanted))
    assert [row["ID"] for rows in walked for row in rows] == ["1", "2"]


@pytest.mark.pitfall(32)
def test_activity_that_moves_to_another_record_stays_one(connected, store, run):
    run(connected)
    store.update("activities", 1, OWNER_ID="99")
    run(connected)
    assert Activity.objects.filter(external_id=1).values_list("owner_external_id", flat=True).get() == 99
    assert Activity.objects.count() == 120


@pytest.mark.pitfall(33)
def test_deadline_of_never_is_no_deadline(connected, store, run):
    store.add("activities", make_activity(500, DEADLINE="9999-12-31T00:00:00+03:00"))
    run(connected)
    assert store.get("activities", 500)["DEADLINE"].startswith("9999")
    assert Activity.objects.get(external_id=500).deadline_at is None


@pytest.mark.pitfall(34)
def test_kind_is_told_by_type_and_provider_and_the_unknown_is_kept(connected, store, run):
    for key, (kind, provider) in enumerate(ZOO, start=500):
        store.add("activities", make_activity(key, TYPE_ID=kind, PROVIDER_ID=provider))
    run(connected)
    found = Activity.objects.filter(external_id__gte=500).order_by("external_id")
    assert list(found.values_list("kind", flat=True)) == list(ZOO.values())


@pytest.mark.pitfall(35)
@pytest.mark.parametrize(("direction", "meaning"), [("1", "INCOMING"), ("2", "OUTGOING")])
def test_direction_of_a_call_is_the_activitys_own(connected, store, run, direction, meaning):
    store.add("activities", make_activity(500, **CALL, DIRECTION=direction))
    run(connected)
    call = Activity.objects.get(external_id=500)
    assert (call.kind, call.direction) == (Activity.Kind.CALL, Activity.Direction[meaning])


@pytest.mark.pitfall(35)
def test_wrong_end_of_a_call_changes_no_figure(connected, server, store, run, touched):
    for key in range(500, 510):
        store.add("activities", make_activity(key, **CALL))
    run(connected)
    touched(connected)
    server.faults.add("wrong_end", hours=6)
    assert run(connected, full=True).changed == 10
    assert touched(connected) == set()
