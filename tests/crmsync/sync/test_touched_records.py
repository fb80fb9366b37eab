"""A synchronisation names the records around which the portal changed something."""

from crmsync.models import DealProduct, TouchedRecord
from tests.crmsync.sync.company import CAROL


def take_records(portal) -> set[tuple[int, int]]:
    rows = TouchedRecord.objects.filter(portal=portal)
    told = set(rows.values_list("owner_type", "external_id"))
    rows.delete()
    return told


def test_first_run_and_a_run_with_nothing_new_name_no_record(connected, run):
    run(connected)
    assert take_records(connected) == set()
    run(connected)
    run(connected, full=True)
    assert take_records(connected) == set()


def test_changed_records_are_named(connected, store, run):
    run(connected)
    store.update("deals", 5, assignedById=CAROL, leadId=11, companyId=44)
    store.update("deals", 6, title="Новое имя")
    store.update("activities", 7, DIRECTION="1")
    run(connected)
    assert take_records(connected) == {(2, 5), (1, 11), (4, 44), (2, 7)}


def test_new_stage_history_names_the_deal_that_it_settles(connected, store, run):
    run(connected)
    move = {"TYPE_ID": 2, "CATEGORY_ID": 0, "STAGE_SEMANTIC_ID": "S", "STAGE_ID": "WON"}
    store.add("stagehistory_deals", {**move, "OWNER_ID": 3})
    run(connected)
    assert take_records(connected) == {(2, 3)}


def test_sync_names_the_deals_whose_lines_changed(connected, store, run):
    run(connected)
    store.update("productrows", 5, price=99)
    for key in (5, 7):
        store.update("deals", key, title="Новое имя")
    run(connected)
    assert take_records(connected) == {(2, 5)}


def test_sweep_names_the_deals_whose_lines_changed(connected, store, run, sweep):
    run(connected)
    store.update("productrows", 5, price=99)
    store.delete("productrows", 9)
    run(connected)
    assert take_records(connected) == set()
    sweep(connected)
    assert take_records(connected) == {(2, 5), (2, 9)}
    assert DealProduct.objects.get(external_id=5).price == 99


def test_second_sweep_names_what_it_buries(connected, store, run, sweep):
    run(connected)
    store.delete("deals", 4)
    store.delete("activities", 9)
    sweep(connected)
    assert take_records(connected) == set()
    sweep(connected)
    assert take_records(connected) == {(2, 4), (2, 9)}
