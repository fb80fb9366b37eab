"""Columns answer exactly as plain records would, before and after changes laid over them."""

import pytest

from crmsync.sandbox import SandboxServer
from crmsync.sandbox.company import make_company
from crmsync.sandbox.paging import read_page
from crmsync.sandbox.query import Query, make_conditions, make_order
from crmsync.sandbox.records import Records

from .conftest import DAY_ZERO
from .wire import ask

OFFSET = 10_800


def make():
    return make_company(deals=300, seed=3, now=DAY_ZERO, clock=lambda: DAY_ZERO)


@pytest.fixture
def company():
    return make()


@pytest.fixture(scope="module")
def untouched():
    """A company nobody changes, each of its collections also as plain records."""
    company = make()
    return company, {name: as_records(records) for name, records in company.collections.items()}


def as_records(layered):
    names = tuple(layered.schema.fields)
    rows = layered.rows(list(layered), names)
    return Records(layered.schema, [dict(zip(names, row, strict=True)) for row in rows])


def pages(layered, plain, *, filter=None, order=None, start=0):
    """Read the same page from the columns and from the plain records."""
    query = Query(
        make_conditions(filter or {}, schema=layered.schema, offset=OFFSET),
        make_order(order or {}, schema=layered.schema),
        tuple(layered.schema.fields),
        start,
    )
    return [read_page(records, query, offset=OFFSET) for records in (layered, plain)]


def both(company, collection, **wanted):
    """Read a page of a company that may have changed, both ways."""
    layered = company.collections[collection]
    return pages(layered, as_records(layered), **wanted)


FILTERS = [
    ("deals", {">id": 120}),
    ("deals", {"id": [5, 3, 9999]}),
    ("deals", {">=id": 10.5, "<=id": 20}),
    ("deals", {"!id": 5, "<id": 8}),
    ("deals", {"stageId": "WON"}),
    ("deals", {"!stageId": ["WON", "LOSE"]}),
    ("deals", {">=updatedTime": "2026-01-15T00:00:00+05:00"}),
    ("deals", {">createdTime": "2025-01-01", "<createdTime": "2025-07-01"}),
    ("deals", {">=createdTime": "2025-01-01", "assignedById": [5, 6, 7]}),
    ("deals", {">=closedate": "2026-02-01"}),
    ("deals", {"leadId": None}),
    ("deals", {"!leadId": ""}),
    ("deals", {"companyId": 0}),
    ("deals", {">opportunity": 100000, "currencyId": "RUB"}),
    ("deals", {"%title": "насос"}),
    ("deals", {"categoryId": 1, "stageSemanticId": "S"}),
    ("leads", {"dateClosed": ""}),
    ("leads", {"sourceId": ["WEB", "CALL"], ">id": 300}),
    ("productrows", {"=ownerType": "D", "=ownerId": [7, 3, 200]}),
    ("stagehistory_deals", {"OWNER_ID": 17}),
    ("activities", {"OWNER_TYPE_ID": 2, "OWNER_ID": "17"}),
    ("activities", {">=LAST_UPDATED": "2026-02-20T00:00:00Z", ">ID": 100}),
    ("activities", {"RESPONSIBLE_ID": 6, "TYPE_ID": "4"}),
]


@pytest.mark.parametrize(("collection", "wanted"), FILTERS)
@pytest.mark.parametrize("start", [0, -1])
def test_columns_filter_as_records_do(untouched, collection, wanted, start):
    company, plain_records = untouched
    layered, plain = pages(company.collections[collection], plain_records[collection], filter=wanted, start=start)
    assert layered == plain


@pytest.mark.parametrize(
    "order", [{"id": "DESC"}, {"opportunity": "DESC"}, {"stageId": "ASC", "id": "DESC"}, {"title": "ASC"}]
)
def test_columns_order_as_records_do(untouched, order):
    company, plain_records = untouched
    layered, plain = pages(company.collections["deals"], plain_records["deals"], order=order)
    assert layered == plain


def test_changed_added_and_deleted_records_are_merged_in_key_order(company):
    company.update("deals", 10, stageId="WON", opportunity=5)
    company.delete("deals", 11)
    company.hide("deals", 12)
    new = company.add("deals", {"title": "New"})
    layered, plain = both(company, "deals", filter={">id": 8})
    assert layered == plain
    keys = company.collections["deals"].find((), limit=None)
    assert (new, len(keys)) == (301, 299)
    assert [int(key) for key in keys[8:11]] == [9, 10, 13]


@pytest.mark.parametrize("order", [{"opportunity": "ASC"}, {"title": "DESC"}, {"updatedTime": "DESC"}])
def test_order_spans_both_layers(company, order):
    for key in (3, 200):
        company.update("deals", key, opportunity=1.5 * key, title=f"Яма {key}")
    layered, plain = both(company, "deals", order=order)
    assert layered == plain


def test_change_shows_in_an_incremental_read_and_keeps_the_rest(company):
    before = company.get("deals", 10)
    company.update("deals", 10, assignedById=6, at=DAY_ZERO + 60)
    assert company.get("deals", 10) == {**before, "assignedById": 6, "updatedTime": "2026-03-01T12:01:00+03:00"}
    layered, _ = both(company, "deals", filter={">=updatedTime": "2026-03-01T12:00:30+03:00"})
    assert len(layered.rows) == 1


def test_restored_record_returns_to_the_list(company):
    company.hide("deals", 12)
    assert 12 not in company.collections["deals"]
    company.restore("deals", 12)
    layered, plain = both(company, "deals", filter={">id": 10})
    assert layered == plain
    assert layered.rows[1][0] or layered.total == 290


def test_deleted_deal_of_the_company_takes_its_activities_along(company):
    owned = {"OWNER_TYPE_ID": "2", "OWNER_ID": "17"}
    assert both(company, "activities", filter=owned)[0].total
    company.delete("deals", 17)
    assert both(company, "activities", filter=owned)[0].total == 0
    assert both(company, "productrows", filter={"=ownerType": "D", "=ownerId": 17})[0].total == 0


def test_keyset_walk_over_http_sees_every_deal_once(company):
    company.delete("deals", 60)
    company.update("deals", 70, title="touched")
    seen: list[int] = []
    with SandboxServer(company, bucket_capacity=0) as server:
        while True:
            wanted = {"entityTypeId": 2, "select": ["id"], "order": {"id": "ASC"}, "start": -1}
            page = ask(server, "crm.item.list", {**wanted, "filter": {">id": seen[-1] if seen else 0}})
            seen += [row["id"] for row in page["result"]["items"]]
            if len(page["result"]["items"]) < 50:
                break
    assert seen == [number for number in range(1, 301) if number != 60]


def test_custom_field_added_later_is_known_filtered_and_ordered(company):
    company.update("deals", 10, ufCrm_REGION="Урал")
    with SandboxServer(company, bucket_capacity=0) as server:
        wanted = {"entityTypeId": 2, "select": ["id", "ufCrm_REGION"], "filter": {"ufCrm_REGION": "Урал"}}
        found = ask(server, "crm.item.list", wanted)["result"]["items"]
        last = ask(server, "crm.item.list", {"entityTypeId": 2, "select": ["id"], "order": {"ufCrm_REGION": "DESC"}})
    assert found == [{"id": 10, "ufCrm_REGION": "Урал"}]
    assert last["result"]["items"][0] == {"id": 10}
