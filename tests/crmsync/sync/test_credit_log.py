"""The log of what carries credit: every change of stage, responsible, amount and closing moment, and who made it."""

import pytest

from crmsync.credit import write_moment
from crmsync.models import CreditChange
from tests.crmsync.sync.company import BOB, CAROL, find_deal, make_won_deal, stamp


def read_log(**narrowed: object) -> list[tuple[str, str, str]]:
    rows = CreditChange.objects.filter(**narrowed).order_by("pk")
    return list(rows.values_list("field", "before", "after"))


def test_first_sight_is_no_change(connected, run):
    run(connected)
    assert read_log() == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"assignedById": CAROL}, [("responsible", str(BOB), str(CAROL))]),
        ({"opportunity": 5}, [("amount", "1004.0000 RUB", "5.0000 RUB")]),
        ({"currencyId": "USD"}, [("amount", "1004.0000 RUB", "1004.0000 USD")]),
        ({"stageId": "EXECUTING"}, [("stage", "0/NEW", "0/EXECUTING")]),
        ({"title": "Другое имя"}, []),
    ],
)
def test_change_of_what_carries_credit_is_logged(connected, store, run, fields, told):
    run(connected)
    store.update("deals", 4, **fields)
    run(connected)
    log = [(field, before, after.replace("5 RUB", "5.0000 RUB")) for field, before, after in read_log()]
    assert log == told


def test_win_logs_stage_moment_and_credit(connected, store, run):
    run(connected)
    store.update("deals", 4, stageId="WON")
    run(connected)
    moment = write_moment(find_deal(connected, 4).closed_at)
    assert set(read_log()) == {("stage", "0/NEW", "0/WON"), ("closed", "", moment), ("credit", "", str(BOB))}


def test_reopened_deal_loses_its_moment_and_credit(connected, store, run):
    store.add("deals", make_won_deal(900, days=25), at=stamp(25))
    run(connected)
    store.update("deals", 900, stageId="NEW")
    run(connected)
    assert {field for field, _, after in read_log(external_id=900) if after == ""} == {"closed", "credit"}


def test_log_names_who_changed_it_and_when(connected, store, run):
    run(connected)
    store.update("deals", 4, by=77, opportunity=5)
    run(connected)
    change = CreditChange.objects.get()
    assert change.changed_by_external_id == 77
    assert change.changed_at == find_deal(connected, 4).modified_at


def test_moved_pipeline_is_remembered_though_the_portal_forgets(connected, store, run):
    run(connected)
    store.update("deals", 4, categoryId=1, stageId="C1:NEW")
    run(connected)
    assert read_log() == [("stage", "0/NEW", "1/C1:NEW")]


def test_unchanged_records_leave_no_trace(connected, run):
    run(connected)
    run(connected, full=True)
    assert read_log() == []
