"""A head in the admin: his people's rows, and of anybody else's exactly what there is of rows that never were."""

import re
from datetime import date

import pytest
from django.contrib import admin
from django.test import Client

from crmsync.admin.seen import SeenAdmin
from crmsync.models import Deal, Department, Employee, Lead, Oversight, Portal, Role
from kpis.models import DailyFact
from tests.access.people import browse, enter
from tests.conftest import Cast, hire
from tests.kpis.mirror import win_deal
from tests.kpis.world import fill

DAY = date(2026, 3, 14)
EXPLAIN = "/admin/kpis/dailyfact/explain/"


@pytest.fixture
def head(cast: Cast) -> Client:
    return browse(enter("alice", Role.HEAD, cast.alice))


@pytest.fixture
def deals(portal: Portal, cast: Cast) -> dict[str, Deal]:
    own = win_deal(portal, DAY, cast.bob, "1000", title="Розы", cycle_seconds=60)
    foreign = win_deal(portal, DAY, cast.dave, "500", title="Лютики", cycle_seconds=60)
    fill(portal)
    return {"own": own, "foreign": foreign}


def open_list(browser: Client, table: str, **query: str) -> list[str]:
    response = browser.get(f"/admin/crmsync/{table}/", query)
    assert response.status_code == 200
    return sorted(str(row) for row in response.context["cl"].result_list)


def test_lists_show_his_people_alone(head: Client, deals: dict[str, Deal], portal: Portal, cast: Cast) -> None:
    Lead.objects.create(portal=portal, external_id=1, title="Заявка", responsible=cast.dave)
    Lead.objects.create(portal=portal, external_id=2, title="Ничья")
    assert open_list(head, "deal") == ["Розы"]
    assert open_list(head, "lead") == []
    assert open_list(head, "employee") == ["Волкова Алиса", "Ким Карина", "Петров Борис"]


def test_search_and_filters_do_not_reach_further(head: Client, deals: dict[str, Deal], cast: Cast) -> None:
    number = str(deals["foreign"].external_id)
    for query in ({"q": number}, {"q": "Орлов"}, {"responsible__id__exact": str(cast.dave.pk)}, {"presence": "all"}):
        response = head.get("/admin/crmsync/deal/", query, follow=True)
        assert "Лютики" not in response.content.decode()


def answer(browser: Client, url: str) -> tuple[int, str, str, list[str]]:
    """Take all of an answer that could tell one object from another, without the key that was asked for."""
    response = browser.get(url)
    told = [str(message) for message in response.wsgi_request._messages]  # type: ignore[attr-defined]
    parts = (response.headers.get("Location", ""), response.content.decode(), *told)
    place, body, *told = (re.sub(r"\d+", "", strip_token(part)) for part in parts)
    return response.status_code, place, body, told


def strip_token(page: str) -> str:
    return re.sub(r'token" value="\w+"', "", page)


@pytest.mark.parametrize("page", ["change", "history", "delete"])
@pytest.mark.parametrize("table", ["crmsync/deal", "crmsync/employee", "kpis/dailyfact"])
def test_foreign_object_is_as_absent_as_one_that_never_was(
    cast: Cast, deals: dict[str, Deal], table: str, page: str
) -> None:
    user = enter("alice", Role.HEAD, cast.alice)
    foreign = {
        "crmsync/deal": deals["foreign"].pk,
        "crmsync/employee": cast.dave.pk,
        "kpis/dailyfact": DailyFact.objects.filter(employee=cast.dave).values_list("pk", flat=True)[0],
    }[table]
    answers = [answer(browse(user), f"/admin/{table}/{key}/{page}/") for key in (foreign, 987_654)]
    assert answers[0] == answers[1]
    assert answers[0][0] in (302, 403)


def test_own_objects_open(head: Client, deals: dict[str, Deal], cast: Cast) -> None:
    assert head.get(f"/admin/crmsync/deal/{deals['own'].pk}/change/").status_code == 200
    assert head.get(f"/admin/crmsync/employee/{cast.bob.pk}/change/").status_code == 200


def test_names_he_may_not_open_are_no_links(head: Client, deals: dict[str, Deal], portal: Portal) -> None:
    Deal.objects.filter(pk=deals["own"].pk).update(lead_external_id=7, company_external_id=1)
    Lead.objects.create(portal=portal, external_id=7, title="Чужая заявка")
    page = head.get(f"/admin/crmsync/deal/{deals['own'].pk}/change/").content.decode()
    assert "Чужая заявка" in page
    assert "/admin/crmsync/lead/" not in page.partition('id="deal_form"')[2]


def explain(browser: Client, **query: str) -> tuple[int, str]:
    response = browser.get(EXPLAIN, {"period": "2026-03"} | query)
    return response.status_code, response.content.decode().replace("\xa0", " ")


def test_explanation_is_of_his_team(head: Client, deals: dict[str, Deal]) -> None:
    status, page = explain(head)
    assert status == 200
    assert "Value of deals: 1,000 RUB" in page
    assert "Whole team" not in page
    assert "Your team" in page
    assert "Лютики" not in page
    for stranger in ("Орлов", "Сервис"):
        assert stranger not in page


@pytest.mark.parametrize(("name", "foreign"), [("employee", "4"), ("department", "2")])
def test_foreign_name_in_the_address_is_answered_as_a_wrong_one(
    head: Client, deals: dict[str, Deal], name: str, foreign: str
) -> None:
    answers = [explain(head, **{name: key}) for key in (foreign, "99")]
    pages = [
        strip_token(page).replace(f"ID {key} ", "ID ") for (_, page), key in zip(answers, (foreign, "99"), strict=True)
    ]
    assert [status for status, _ in answers] == [400, 400]
    assert pages[0] == pages[1]


def test_department_with_a_stranger_in_it_is_no_choice(head: Client, deals: dict[str, Deal], portal: Portal) -> None:
    whole = Department.objects.create(portal=portal, external_id=9, name="Вся компания")
    Department.objects.filter(external_id__in=(1, 2)).update(parent_external_id=9)
    assert "Вся компания" not in explain(head)[1]
    assert explain(head, department="9")[0] == 400
    assert whole.name in explain(browse(enter("olga", Role.AUDITOR)))[1]


def test_gift_widens_the_lists_at_once(cast: Cast, deals: dict[str, Deal]) -> None:
    user = enter("carol", Role.HEAD, cast.carol)
    assert open_list(browse(user), "deal") == []
    Oversight.objects.create(user=user, employee=cast.dave)
    assert open_list(browse(user), "deal") == ["Лютики"]
    assert "Value of deals: 500 RUB" in explain(browse(user))[1]


def test_head_of_the_second_portal_starts_there(cast: Cast, deals: dict[str, Deal]) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://lutik.example", webhook_url="https://lutik.example/")
    theirs = Department.objects.create(portal=other, external_id=1, name="Опт", head_external_id=9)
    nina = hire(other, 9, "Нина", "Своя", theirs)
    browser = browse(enter("nina", Role.HEAD, nina))
    assert open_list(browser, "employee") == ["Своя Нина"]
    for portal in (str(cast.bob.portal_id), "987654"):
        assert open_list(browser, "employee", portal=portal) == []
    assert "Ромашка" not in explain(browser, portal=str(cast.bob.portal_id))[1]


def test_every_table_about_employees_is_kept_to_who_is_seen() -> None:
    about = [page for model, page in admin.site._registry.items() if hasattr(model, "seen_by")]
    assert {page.model for page in about} >= {Deal, Lead, Employee, DailyFact}
    assert [page for page in about if not isinstance(page, SeenAdmin)] == []
