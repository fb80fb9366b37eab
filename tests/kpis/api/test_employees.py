"""Employees by public IDs: lists, filters, search, oneself; as many queries for many as for few."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crmsync.models import Department, Portal
from tests.conftest import Cast, hire
from tests.kpis.api.conftest import ask, enter


def find_ids(client: Client, **parameters: Any) -> list[int]:
    return [row["external_id"] for row in ask(client, "employees/", **parameters)["results"]]


def test_employee_is_told_with_public_ids(portal: Portal, cast: Cast, olga: Client) -> None:
    assert ask(olga, f"employees/{portal.pk}-2/") == {
        "id": f"{portal.pk}-2",
        "portal": portal.pk,
        "external_id": 2,
        "name": "Петров Борис",
        "position": "",
        "departments": [{"external_id": 1, "name": "Продажи"}],
        "is_active": True,
    }


def test_list_is_by_name_and_of_whom_one_sees(cast: Cast, olga: Client, alice: Client, bob: Client) -> None:
    assert find_ids(olga) == [1, 3, 4, 2]
    assert find_ids(alice) == [1, 3, 2]
    assert find_ids(bob) == [2]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"search": "петр"}, [2]),
        ({"search": "БОРИС петров"}, [2]),
        ({"search": "борис ким"}, []),
        ({"search": "4"}, [4]),
        ({"search": "%"}, []),
        ({"department": 1}, [1, 3, 2]),
        ({"department": 777}, []),
        ({"is_active": "false"}, [3]),
        ({"is_active": "true"}, [1, 4, 2]),
    ],
)
def test_list_is_narrowed(cast: Cast, olga: Client, asked: dict[str, Any], found: list[int]) -> None:
    cast.carol.deleted_at = timezone.now()
    cast.carol.save()
    assert find_ids(olga, **asked) == found


def test_list_is_paged(cast: Cast, olga: Client) -> None:
    first = ask(olga, "employees/", limit=3)
    assert (first["count"], len(first["results"]), first["previous"]) == (4, 3, None)
    second = olga.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (1, None)
    assert olga.get(second["previous"]).json()["results"] == first["results"]
    assert ask(olga, "employees/", offset=99)["results"] == []


def test_one_learns_who_one_is(portal: Portal, cast: Cast, alice: Client) -> None:
    told = ask(alice, "employees/me/")
    assert [told[name] for name in ("user", "roles", "sees_everything")] == ["alice", ["head"], False]
    assert [employee["external_id"] for employee in told["employees"]] == [1]
    assert told["portals"] == [
        {"id": portal.pk, "name": "Ромашка", "time_zone": "Europe/Moscow", "base_currency": "RUB"}
    ]


def test_administrator_need_not_be_an_employee(portal: Portal, olga: Client) -> None:
    told = ask(olga, "employees/me/")
    assert (told["sees_everything"], told["employees"], len(told["portals"])) == (True, [], 1)


def test_portals_are_not_told_to_who_sees_nothing(portal: Portal) -> None:
    assert ask(enter("eve", None, "nothing"), "employees/me/")["portals"] == []


# A head's sight alone takes seven: session, user, roles, accounts, oversights, departments, members.
@pytest.mark.parametrize(
    ("address", "asked", "most"),
    [
        ("employees/", {}, 12),
        ("employees/me/", {}, 13),
        ("kpis/", {}, 13),
        ("kpi-values/", {"period": "2026-02", "limit": 1000}, 20),
        ("kpi-values/", {"period": "2026-02", "compare": "true", "limit": 1000}, 25),
        ("explain/", {"period": "2026-02", "kpi": "revenue", "limit": 200}, 40),
    ],
)
def test_queries_do_not_grow_with_people(
    sales: Portal, alice: Client, django_assert_max_num_queries: Any, address: str, asked: dict[str, Any], most: int
) -> None:
    with django_assert_max_num_queries(most) as few:
        ask(alice, address, **asked)
    room = Department.objects.get(external_id=1)
    for number in range(20, 40):
        hire(sales, number, "Новый", "Сотрудник", room)
    with django_assert_max_num_queries(len(few)):
        ask(alice, address, **asked)
