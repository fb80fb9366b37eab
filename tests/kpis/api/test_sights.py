"""Each role sees its own people through the API; what is foreign is answered like what does not exist."""

from typing import Any

import pytest
from django.test import Client

from crmsync.models import Portal
from tests.conftest import Cast, hire
from tests.kpis.api.conftest import ask, enter

FEBRUARY: dict[str, Any] = {"period": "2026-02", "kpi": "revenue"}


def find_rows(client: Client, **parameters: Any) -> dict[int | None, float]:
    rows = ask(client, "kpi-values/", **(FEBRUARY | parameters))["results"]
    return {row["employee"]: row["value"] for row in rows}


def test_administrator_sees_everybody_and_the_whole_team(sales: Portal, olga: Client) -> None:
    assert find_rows(olga) == {2: 3000.5, 3: 0, 4: 7000, None: 10_000.5}


def test_head_sees_the_people_below_and_their_sum(sales: Portal, alice: Client) -> None:
    assert find_rows(alice) == {1: 0, 2: 3000.5, 3: 0, None: 3000.5}
    assert find_rows(alice, department=1) == find_rows(alice)


def test_manager_sees_himself(sales: Portal, bob: Client) -> None:
    assert find_rows(bob) == {2: 3000.5, None: 3000.5}
    assert find_rows(bob, employee=2) == {2: 3000.5}


def test_user_without_a_role_sees_no_portal(sales: Portal) -> None:
    eve = enter("eve", None, "nothing")
    assert eve.get("/api/v1/kpi-values/", FEBRUARY).status_code == 404
    assert ask(eve, "employees/")["results"] == []


@pytest.mark.parametrize("address", ["kpi-values/", "explain/"])
@pytest.mark.parametrize(("name", "foreign"), [("employee", 4), ("department", 1), ("portal", "other")])
def test_foreign_is_answered_like_absent(
    sales: Portal, bob: Client, address: str, name: str, foreign: int | str
) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://lutik.example")
    hidden, absent = ({**FEBRUARY, name: number} for number in (other.pk if foreign == "other" else foreign, 777))
    told = [bob.get(f"/api/v1/{address}", asked) for asked in (hidden, absent)]
    assert [each.status_code for each in told] == [404, 404]
    assert told[0].content == told[1].content


def test_foreign_employee_is_answered_like_absent(sales: Portal, bob: Client) -> None:
    told = [bob.get(f"/api/v1/employees/{sales.pk}-{number}/") for number in (4, 777)]
    assert [each.status_code for each in told] == [404, 404]
    assert told[0].content == told[1].content


def test_empty_department_is_not_told_from_an_absent_one(sales: Portal, cast: Cast, bob: Client) -> None:
    cast.dave.departments.clear()
    assert bob.get("/api/v1/kpi-values/", {**FEBRUARY, "department": 2}).status_code == 404


def test_explanation_of_a_manager_counts_his_records_alone(sales: Portal, bob: Client) -> None:
    told = ask(bob, "explain/", **FEBRUARY)
    assert (told["value"], told["employees"]) == (3000.5, 1)
    assert {record["employee"] for record in told["measures"][0]["records"]} == {2}


def test_portal_of_which_one_sees_nothing_is_not_named(sales: Portal, alice: Client, olga: Client) -> None:
    Portal.objects.create(name="Лютик", origin="https://lutik.example")
    assert ask(alice, "kpis/")["count"] == 24
    refused = olga.get("/api/v1/kpis/").json()
    assert refused["code"] == "portal_needed"
    assert "Лютик" in refused["detail"]


def test_employee_of_the_same_number_on_another_portal_stays_there(sales: Portal, cast: Cast, bob: Client) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://lutik.example")
    room = cast.bob.departments.model.objects.create(portal=other, external_id=1, name="Продажи")
    hire(other, 2, "Нина", "Чужая", room)
    assert ask(bob, "employees/")["count"] == 1
    assert bob.get(f"/api/v1/employees/{other.pk}-2/").status_code == 404
