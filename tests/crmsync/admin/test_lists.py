"""Lists ask the database a fixed number of questions, count within bounds and keep portals apart."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crmsync.admin import changelist
from crmsync.admin.deals import DealAdmin
from crmsync.models import Company, Deal, Employee, Portal, StageChange
from tests.conftest import Cast
from tests.crmsync.admin.rows import MIRRORED, fill_tables, make_row


def count_queries(root: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert root.get(url).status_code == 200
    return len(queries)


@pytest.fixture
def other(db: None) -> Portal:
    return Portal.objects.create(name="Василёк", origin="https://vasilek.example")


def grow(portal: Portal, model: type[Any], owner: Employee) -> None:
    """Add fifty rows that refer to as much as the first one does."""
    owned = {"responsible": owner} if hasattr(model, "responsible") else {}
    model.objects.update(**owned) if owned else None
    for number in range(11, 61):
        make_row(model, portal, number, **owned)


@pytest.mark.parametrize("model", MIRRORED, ids=lambda model: model.__name__)
def test_one_row_costs_as_many_queries_as_fifty(root: Client, portal: Portal, model: type[Any]) -> None:
    rows = fill_tables(portal)
    url = f"/admin/crmsync/{model._meta.model_name}/"
    one = count_queries(root, url)
    grow(portal, model, rows[Employee])
    assert count_queries(root, url) == one


def test_query_count_would_grow_without_joins(root: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DealAdmin, "list_select_related", ())
    rows = fill_tables(portal)
    one = count_queries(root, "/admin/crmsync/deal/")
    grow(portal, Deal, rows[Employee])
    assert count_queries(root, "/admin/crmsync/deal/") >= one + 49


def test_newest_deals_come_first(listed: Callable, portal: Portal) -> None:
    for number in (5, 30, 7):
        make_row(Deal, portal, number)
    assert listed("deal") == [30, 7, 5]


def test_list_cannot_be_sorted_without_an_index(listed: Callable, portal: Portal) -> None:
    make_row(Deal, portal, 1, title="Б")
    make_row(Deal, portal, 2, title="А")
    assert listed("deal", o="1") == listed("deal", o="-1") == [2, 1]


def test_small_table_can_be_sorted(listed: Callable, portal: Portal, cast: Cast) -> None:
    assert listed("employee", o="2") == [1, 3, 4, 2]
    assert listed("employee", o="-2") == [2, 4, 3, 1]


def test_count_stops_at_its_bound(root: Client, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changelist, "COUNTED", 3)
    for number in range(1, 6):
        make_row(Deal, portal, number)
    response = root.get("/admin/crmsync/deal/")
    assert response.context["cl"].result_count == 3
    assert "narrow the list" in response.content.decode()


def test_count_is_exact_below_its_bound(root: Client, portal: Portal) -> None:
    for number in range(1, 6):
        make_row(Deal, portal, number)
    response = root.get("/admin/crmsync/deal/")
    assert response.context["cl"].result_count == 5
    assert "narrow the list" not in response.content.decode()


def test_count_reads_no_further_than_its_bound(portal: Portal) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert changelist.BoundedPaginator(Deal.objects.order_by("pk"), 50).count == 0
        assert Paginator(Deal.objects.order_by("pk"), 50).count == 0
    bounded, plain = (query["sql"] for query in queries)
    assert "LIMIT 10000" in bounded
    assert "LIMIT" not in plain


def test_list_shows_one_portal(listed: Callable, portal: Portal, other: Portal) -> None:
    make_row(Deal, portal, 1)
    make_row(Deal, other, 2)
    assert listed("deal") == listed("deal", portal=portal.pk) == [1]
    assert listed("deal", portal=other.pk) == [2]
    assert listed("deal", portal="junk") == [1]


def test_portal_is_asked_for_only_where_there_are_several(root: Client, portal: Portal) -> None:
    assert "?portal=" not in root.get("/admin/crmsync/deal/").content.decode()
    Portal.objects.create(name="Василёк", origin="https://vasilek.example")
    assert "?portal=" in root.get("/admin/crmsync/deal/").content.decode()


def test_list_opens_without_any_portal(listed: Callable) -> None:
    assert listed("deal") == []


def test_names_come_from_the_rows_own_portal(root: Client, portal: Portal, other: Portal, dictionaries: None) -> None:
    make_row(Deal, other, 1, stage_external_id="NEW")
    page = root.get("/admin/crmsync/deal/", {"portal": other.pk}).content.decode()
    assert "Новая" not in page
    assert ">NEW<" in page


def test_stage_is_named_by_its_pipeline(root: Client, portal: Portal, dictionaries: None) -> None:
    make_row(Deal, portal, 1, stage_external_id="C1:NEW", pipeline_external_id=1)
    page = root.get("/admin/crmsync/deal/").content.decode()
    assert "Первичный контакт" in page
    assert "Опт" in page


@pytest.mark.parametrize(
    ("term", "expected"), [("12", [12]), ("петров", [12, 2]), ("БОРИС ПЕТРОВ", [12, 2]), ("Ким", []), ("9" * 30, [])]
)
def test_deals_are_found_by_id_or_by_employee(
    listed: Callable, portal: Portal, cast: Cast, term: str, expected: list[int]
) -> None:
    make_row(Deal, portal, 12, responsible=cast.bob)
    make_row(Deal, portal, 2, responsible=cast.alice, credited_to=cast.bob)
    make_row(Deal, portal, 3, title="Ким и Петров, 12")
    assert listed("deal", q=term) == expected


@pytest.mark.parametrize("term", ["ромашка", "Ромашка", "РОМАШКА", "OFFICE@"])
def test_companies_are_found_whatever_the_case(listed: Callable, portal: Portal, term: str) -> None:
    make_row(Company, portal, 1, title="ООО Ромашка", email="office@romashka.example")
    make_row(Company, portal, 2, title="ООО Василёк")
    assert listed("company", q=term) == [1]


def test_moves_are_found_by_their_deal(listed: Callable, portal: Portal) -> None:
    make_row(StageChange, portal, 1, owner_external_id=77)
    make_row(StageChange, portal, 77, owner_external_id=5)
    assert listed("stagechange", q="77") == [1]
    assert listed("stagechange", q="junk") == []
