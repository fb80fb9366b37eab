"""The proof finds every kind of difference, names its cause, and says equal only of what is equal."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from crmsync.lease import claim
from crmsync.models import Activity, Deal, DealProduct, Department, Employee, Lead, Portal, Proof, Stage, StageChange
from crmsync.proof import prove_portal
from crmsync.sweep import Sweep
from tests.crmsync.sync.company import NOON, stamp
from tests.crmsync.sync.conftest import open_hasty


@pytest.fixture
def prove():
    """Compare; the portal is read again first, as every real proof does."""

    def prove(portal, **options: Any) -> Proof:
        return prove_portal(Portal.objects.get(pk=portal.pk), **{"open_source": open_hasty} | options)

    return prove


def causes(proof: Proof) -> dict[str, dict[str, int]]:
    return {key: told["causes"] for key, told in proof.streams.items() if told["causes"]}


def test_mirror_equals_the_portal_after_a_sync(connected, store, run, prove):
    run(connected)
    proof = prove(connected)
    assert (proof.outcome, causes(proof)) == (Proof.Outcome.EQUAL, {})
    assert proof.compared >= sum(
        len(store.collections[name]) for name in ("deals", "leads", "activities", "productrows")
    )


def test_living_portal_is_newer_than_the_mirror(connected, store, run, prove):
    run(connected)
    store.update("deals", 4, opportunity=5)
    store.add("leads", {"title": "Новый", "assignedById": 2})
    proof = prove(connected)
    assert proof.outcome == Proof.Outcome.DIFFERENT
    told = causes(proof)
    assert (told["deals"], told["leads"]) == ({"newer": 1}, {"newer": 1})
    assert proof.differences.get(stream="deals", field="amount").theirs == "5"


CORRUPTED: dict[str, tuple[Any, dict[str, Any]]] = {
    "deals": (Deal, {"amount": 1}),
    "leads": (Lead, {"created_on": "2020-01-01"}),
    "activities": (Activity, {"direction": 1}),
    "product_rows": (DealProduct, {"price": 1}),
    "deal_history": (StageChange, {"stage_external_id": "X"}),
}


@pytest.mark.parametrize("stream", CORRUPTED)
def test_field_that_differs_without_a_new_date_is_found(connected, store, run, prove, stream):
    store.update("deals", 1, stageId="EXECUTING")
    run(connected)
    model, fields = CORRUPTED[stream]
    rows = model.objects.filter(entity=2) if model is StageChange else model.objects.all()
    row = rows.order_by("-external_id")[0]
    model.objects.filter(pk=row.pk).update(**fields)
    proof = prove(connected)
    assert causes(proof) == {stream: {"silent": 1}}
    assert proof.differences.get().field == next(iter(fields))


@pytest.mark.parametrize("stream", CORRUPTED.keys() - {"product_rows"})
def test_next_sweep_mends_what_the_proof_has_found(connected, store, run, prove, stream):
    store.update("deals", 1, stageId="EXECUTING")
    run(connected)
    model, fields = CORRUPTED[stream]
    rows = model.objects.filter(entity=2) if model is StageChange else model.objects.all()
    model.objects.filter(pk=rows.order_by("-external_id")[0].pk).update(**fields)
    prove(connected)
    run(connected, sweep=Sweep(timezone.now()))
    assert prove(connected).outcome == Proof.Outcome.EQUAL


@pytest.mark.parametrize("model", [Lead, Activity, Stage, Department])
def test_row_lost_by_the_mirror_is_found(connected, run, prove, model):
    run(connected)
    model.objects.order_by("-pk").first().delete()
    (told,) = causes(prove(connected)).values()
    assert told in ({"lost": 1}, {"newer": 1})


def test_lost_record_is_told_from_a_new_one(connected, run, prove):
    run(connected)
    Deal.objects.get(external_id=7).delete()
    assert causes(prove(connected))["deals"] == {"lost": 1}


def test_deleted_record_waits_for_its_sweeps(connected, store, run, prove):
    run(connected)
    store.hide("deals", 4)
    assert causes(prove(connected)) == {"deals": {"vanished": 1}}
    for _ in range(2):
        run(connected, sweep=Sweep(timezone.now()))
    assert prove(connected).outcome == Proof.Outcome.EQUAL


def test_returned_record_is_found(connected, store, run, prove):
    run(connected)
    store.hide("leads", 4)
    for _ in range(2):
        run(connected, sweep=Sweep(timezone.now()))
    store.restore("leads", 4)
    assert causes(prove(connected)) == {"leads": {"returned": 1}}


def test_quarantined_record_is_named_with_its_reason(connected, server, run, prove):
    server.faults.add("malformed", method="crm.item.list", ids=[5], fields={"createdTime": "вчера"})
    run(connected)
    proof = prove(connected)
    assert causes(proof)["deals"] == {"quarantined": 1}
    assert "createdTime" in proof.differences.get(stream="deals").theirs


def test_history_that_the_portal_forgot_is_kept_and_no_difference(connected, store, run, prove):
    store.update("deals", 1, stageId="EXECUTING")
    run(connected)
    store.collections["stagehistory_deals"].remove(next(iter(store.collections["stagehistory_deals"])))
    proof = prove(connected)
    assert proof.outcome == Proof.Outcome.EQUAL
    assert proof.streams["deal_history"]["kept"] == 1


def test_hidden_person_stays_a_stub(connected, store, run, prove):
    store.update("deals", 8, assignedById=77)
    run(connected)
    assert prove(connected).outcome == Proof.Outcome.EQUAL


def test_proof_makes_no_rows_in_the_mirror(connected, store, run, prove):
    run(connected)
    store.update("deals", 8, assignedById=78)
    prove(connected)
    assert not Employee.objects.filter(external_id=78).exists()


def test_stream_that_cannot_be_read_is_no_proof(connected, server, run, prove):
    run(connected)
    server.faults.add("insufficient_scope", method="crm.activity.list")
    proof = prove(connected)
    assert proof.outcome == Proof.Outcome.FAILED
    assert proof.streams["activities"]["error"]
    assert proof.streams["deals"]["compared"] == 130


def test_proof_in_slices_compares_everything_once(connected, store, run, prove):
    run(connected)
    store.hide("deals", 4)
    whole = prove(connected)
    sliced = prove(connected, budget=timedelta(microseconds=1))
    slices = 1
    while sliced.outcome == Proof.Outcome.RUNNING:
        sliced, slices = prove(connected, budget=timedelta(microseconds=1)), slices + 1
    assert slices > 5
    assert (sliced.compared, sliced.differing) == (whole.compared, whole.differing)


def test_dead_proof_is_closed_by_the_next(connected, run, prove):
    run(connected)
    dead = Proof.objects.create(portal=connected, started_at=NOON)
    prove(connected)
    dead.refresh_from_db()
    assert (dead.outcome, bool(dead.error)) == (Proof.Outcome.FAILED, True)


def check(*arguments: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("check_mirror", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_command_exits_with_zero_only_when_equal(connected, store, run, capsys):
    run(connected)
    (told,) = check()
    assert (told["equal"], told["outcome"], told["differing"]) == (True, "equal", 0)
    store.update("deals", 4, opportunity=5)
    with pytest.raises(CommandError) as refusal:
        call_command("check_mirror")
    assert refusal.value.returncode == 1
    assert "deals 4 amount: 1004 / 5" in capsys.readouterr().out


def test_command_waits_for_nobody(connected, run):
    run(connected)
    assert claim(connected, timezone.now())
    Portal.objects.update(lease_owner="elsewhere:1")
    with pytest.raises(CommandError) as refusal:
        call_command("check_mirror", "--portal", str(connected.pk))
    assert refusal.value.returncode == 2


def test_unreachable_portal_is_no_proof(connected, server, run):
    run(connected)
    server.faults.add("revoked")
    with pytest.raises(CommandError) as refusal:
        check()
    assert refusal.value.returncode == 2
    assert Proof.objects.get().outcome == Proof.Outcome.FAILED


def test_mirror_never_filled_is_not_equal(connected, prove):
    proof = prove(connected)
    assert proof.outcome == Proof.Outcome.DIFFERENT
    assert causes(proof)["deals"] == {"unfinished": 130}


def test_employee_who_changed_hands_differs(connected, store, run, prove):
    run(connected)
    store.update("deals", 4, assignedById=3, at=stamp(4))
    assert prove(connected).differences.filter(field="responsible_id").count() == 1
