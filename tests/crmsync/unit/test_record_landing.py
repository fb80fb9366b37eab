"""What lands, is buried or settled again names the records around which something changed, in the same transaction."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crmsync import deals, landing
from crmsync.bitrix24.streams import BY_KEY
from crmsync.deals import restage
from crmsync.landing import land_products
from crmsync.models import Company, Deal, DealProduct, Lead, Stage, TouchedDay, TouchedRecord
from crmsync.rows import Surroundings, read_rows
from crmsync.stages import Stages
from crmsync.tombstones import bury
from tests.crmsync.unit.raws import land_raws, make_raw

Taken = Callable[[], set[tuple[int, int]]]
WON = {"stageSemanticId": "S", "movedTime": "2026-03-09T12:00:00+03:00", "assignedById": 2}
SOLD = {**WON, "leadId": 11, "companyId": 44, "contactId": 33}
MAIL = {"START_TIME": "2026-03-01T10:00:00+03:00", "OWNER_TYPE_ID": "1", "OWNER_ID": "11"}


@pytest.fixture
def records(around: Surroundings) -> Taken:
    """Take the touched records as (type, CRM id); what is taken is gone."""

    def take() -> set[tuple[int, int]]:
        rows = TouchedRecord.objects.filter(portal=around.portal)
        told = list(rows.values_list("owner_type", "external_id"))
        assert len(told) == len(set(told))
        rows.delete()
        return set(told)

    return take


def land_lines(around: Surroundings, deal_ids: list[int], *lines: dict[str, Any], first: bool = False) -> None:
    raws = [make_raw("product_rows", **line) for line in lines]
    rows, rejected = read_rows(BY_KEY["product_rows"], raws, around)
    assert rejected == []
    land_products(deal_ids, rows, around, now=timezone.now(), first=first)


def test_landed_deal_touches_itself_its_lead_and_its_customer(around: Surroundings, records: Taken) -> None:
    land_raws(around, "deals", [make_raw("deals", id=7, **SOLD)])
    assert records() == {(2, 7), (1, 11), (4, 44), (3, 33)}


def test_deals_of_a_page_name_their_customer_once(around: Surroundings, records: Taken) -> None:
    land_raws(around, "deals", [make_raw("deals", id=number, companyId=44) for number in (1, 2, 3)])
    assert records() == {(2, 1), (2, 2), (2, 3), (4, 44)}


def test_deal_that_changes_its_customer_touches_both(around: Surroundings, records: Taken) -> None:
    land_raws(around, "deals", [make_raw("deals", id=7, **SOLD)])
    records()
    land_raws(around, "deals", [make_raw("deals", id=7, **{**SOLD, "companyId": 45})])
    assert records() == {(2, 7), (1, 11), (4, 44), (4, 45), (3, 33)}


def test_renamed_deal_touches_no_record(around: Surroundings, records: Taken) -> None:
    land_raws(around, "deals", [make_raw("deals", id=7, **SOLD)])
    records()
    land_raws(around, "deals", [make_raw("deals", id=7, title="Новое имя", **SOLD)])
    assert (records(), Deal.objects.get().title) == (set(), "Новое имя")


def test_changed_custom_field_touches_its_deal_and_no_day(around: Surroundings, records: Taken) -> None:
    for cost in ("300|RUB", "400|RUB"):
        records(), TouchedDay.objects.all().delete()
        land_raws(around, "deals", [make_raw("deals", id=7, custom_fields={"UF_CRM_COST": cost})])
    assert (records(), TouchedDay.objects.count()) == ({(2, 7)}, 0)


def test_lead_created_at_another_instant_of_its_day_is_touched(around: Surroundings, records: Taken) -> None:
    for hour in (10, 11):
        records()
        land_raws(around, "leads", [make_raw("leads", id=11, createdTime=f"2026-03-01T{hour}:00:00+03:00")])
    assert records() == {(1, 11)}


def test_activity_touches_its_owner_before_and_after(around: Surroundings, records: Taken) -> None:
    land_raws(around, "activities", [make_raw("activities", **MAIL)])
    assert records() == {(1, 11)}
    land_raws(around, "activities", [make_raw("activities", **{**MAIL, "OWNER_TYPE_ID": "2", "OWNER_ID": "7"})])
    assert records() == {(1, 11), (2, 7)}


def test_company_touches_only_while_it_is_our_own(around: Surroundings, records: Taken) -> None:
    found = []
    for fields in ({}, {"isMyCompany": "Y"}, {"isMyCompany": "Y", "title": "ООО"}, {"isMyCompany": "N"}):
        land_raws(around, "companies", [make_raw("companies", id=44, **fields)])
        found.append(records())
    assert found == [set(), {(4, 44)}, set(), {(4, 44)}]


@pytest.mark.parametrize(("stream", "fields"), [("deals", SOLD), ("leads", {}), ("activities", MAIL)])
def test_first_walk_writes_no_records(around: Surroundings, records: Taken, stream: str, fields: Any) -> None:
    land_raws(around, stream, [make_raw(stream, **fields)], first=True)
    assert records() == set()
    assert TouchedDay.objects.values_list("employee", "day").get() == (None, None)


@pytest.mark.parametrize(("mark", "days"), [("N", 0), ("Y", 1)])
def test_first_walk_touches_everything_for_an_own_company_alone(around: Surroundings, mark: str, days: int) -> None:
    land_raws(around, "companies", [make_raw("companies", isMyCompany=mark)], first=True)
    assert (TouchedDay.objects.count(), TouchedRecord.objects.count()) == (days, 0)


@pytest.mark.parametrize(
    ("stream", "model", "fields", "found"),
    [
        ("deals", Deal, SOLD, {(2, 1), (1, 11), (4, 44), (3, 33)}),
        ("leads", Lead, {}, {(1, 1)}),
        ("companies", Company, {"isMyCompany": "Y"}, {(4, 1)}),
        ("companies", Company, {}, set()),
    ],
)
def test_buried_and_restored_records_are_touched(
    around: Surroundings, records: Taken, stream: str, model: Any, fields: Any, found: Any
) -> None:
    raw = make_raw(stream, **fields)
    land_raws(around, stream, [raw])
    records()
    bury(BY_KEY[stream], [model.objects.get().pk], portal=around.portal, now=timezone.now())
    assert records() == found
    land_raws(around, stream, [raw])
    assert records() == found


def test_stage_that_closes_deals_and_leads_touches_them(around: Surroundings, records: Taken) -> None:
    vague = {"stageId": "DONE", "stageSemanticId": ""}
    land_raws(around, "deals", [make_raw("deals", id=7, **{**SOLD, **vague})])
    land_raws(around, "leads", [make_raw("leads", id=12, **vague)])
    records()
    for entity in (1, 2):
        Stage.objects.create(portal=around.portal, entity=entity, external_id="DONE", semantics="S")
    around.stages = Stages(around.portal)
    restage(around)
    assert records() == {(2, 7), (1, 11), (4, 44), (3, 33), (1, 12)}


def test_only_deals_whose_lines_differ_are_touched(around: Surroundings, records: Taken) -> None:
    lines = [{"id": number, "ownerId": number, "price": 10} for number in (1, 2, 3)]
    land_lines(around, [1, 2, 3], *lines)
    assert records() == {(2, 1), (2, 2), (2, 3)}
    land_lines(around, [1, 2, 3], {**lines[0], "quantity": 4}, lines[1])
    assert records() == {(2, 1), (2, 3)}


def test_line_that_moves_touches_both_deals(around: Surroundings, records: Taken) -> None:
    land_lines(around, [1], {"id": 5, "ownerId": 1})
    records()
    land_lines(around, [2], {"id": 5, "ownerId": 2})
    assert records() == {(2, 1), (2, 2)}


def test_line_that_comes_back_touches_its_deal(around: Surroundings, records: Taken) -> None:
    for lines in ([{"ownerId": 1}], [], [{"ownerId": 1}]):
        land_lines(around, [1], *lines)
        assert records() == {(2, 1)}
    assert DealProduct.objects.get().deleted_at is None


@pytest.mark.parametrize(("lines", "days"), [([], 0), ([{"ownerId": 1}], 1)])
def test_first_lines_touch_everything(around: Surroundings, records: Taken, lines: Any, days: int) -> None:
    land_lines(around, [1], *lines, first=True)
    assert (records(), TouchedDay.objects.filter(day=None).count()) == (set(), days)


def test_unchanged_lines_write_nothing_but_that_they_were_read(around: Surroundings) -> None:
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            land_lines(around, [1, 2], {"id": 1, "ownerId": 1}, {"id": 2, "ownerId": 2})
    assert [query["sql"].split()[0].strip("(") for query in queries] == ["SELECT", "UPDATE"]


def count_queries(around: Surroundings, stream: str, fields: Any) -> int:
    rows = [make_raw(stream, id=number, ID=str(number), **fields) for number in range(1, 51)]
    with CaptureQueriesContext(connection) as queries:
        land_raws(around, stream, rows)
    return len(queries)


@pytest.mark.parametrize(("stream", "fields"), [("deals", SOLD), ("leads", {"assignedById": 2}), ("activities", MAIL)])
def test_page_costs_one_insert_more(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch, stream: str, fields: Any
) -> None:
    around.people.ensure([2])
    count_queries(around, stream, {})
    TouchedRecord.objects.all().delete()
    with monkeypatch.context() as without, transaction.atomic():
        without.setattr(deals, "touch_records", lambda portal, records: None)
        plain = count_queries(around, stream, fields)
        assert not TouchedRecord.objects.exists()
        transaction.set_rollback(True)
    assert count_queries(around, stream, fields) == plain + 1
    assert TouchedRecord.objects.exists()


def test_page_that_fails_leaves_neither_rows_nor_records(
    around: Surroundings, records: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "touch_changes", fail_after(landing.touch_changes))
    with pytest.raises(RuntimeError), transaction.atomic():
        land_raws(around, "deals", [make_raw("deals", **SOLD)])
    assert (Deal.objects.count(), records()) == (0, set())


def test_without_the_transaction_the_records_would_stay(
    around: Surroundings, records: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landing, "touch_changes", fail_after(landing.touch_changes))
    with pytest.raises(RuntimeError):
        land_raws(around, "deals", [make_raw("deals", **SOLD)])
    assert (Deal.objects.count(), len(records())) == (1, 4)


def fail_after(work: Callable[..., None]) -> Callable[..., None]:
    def fail(*args: Any, **kwargs: Any) -> None:
        work(*args, **kwargs)
        raise RuntimeError

    return fail
