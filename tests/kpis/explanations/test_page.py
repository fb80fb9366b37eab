"""The page “Why so many?”: the address carries everything, pages turn, wrong arguments are one sentence."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from crmsync.models import Deal, Portal, Role
from kpis.catalog import BY_KEY
from kpis.explanations.explain import PAGE
from tests.access.people import enter
from tests.conftest import Cast
from tests.kpis.mirror import GONE_AT, win_deal
from tests.kpis.world import fill

DAY = date(2026, 3, 14)
PAGE_URL = "/admin/kpis/dailyfact/explain/"


@pytest.fixture
def root(db: None) -> Client:
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(User.objects.create_superuser("root"))
    return browser


@pytest.fixture
def deal(portal: Portal, cast: Cast) -> Deal:
    win_deal(portal, DAY, cast.carol, "500", title="Лютик", cycle_seconds=60)
    deal = win_deal(portal, DAY, cast.bob, "1000", title="<b>Розы", cycle_seconds=60)
    fill(portal)
    return deal


def read(root: Client, status: int = 200, **query: Any) -> str:
    response = root.get(PAGE_URL, {"period": "2026-03"} | query)
    assert response.status_code == status
    return response.content.decode().replace("\xa0", " ")


def test_number_is_explained_down_to_the_record(root: Client, deal: Deal) -> None:
    page = read(root, kpi="average_deal", employee="2")
    assert "Average value of a deal: 1,000 RUB" in page
    assert "Revenue / Deals won" in page
    assert "1,000 RUB / 1 = 1,000 RUB" in page
    assert f'<a href="/admin/crmsync/deal/{deal.pk}/change/">&lt;b&gt;Розы</a>' in page
    assert f"https://romashka.example/crm/deal/details/{deal.external_id}/" in page
    assert "Лютик" not in page


def test_whole_team_and_a_department_are_chosen_by_the_address(root: Client, deal: Deal) -> None:
    assert "Value of deals: 1,500 RUB" in read(root)
    assert "Value of deals: 1,500 RUB" in read(root, department="1")
    assert "Value of deals: 0 RUB" in read(root, department="2")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kpi": "profit"}, "There is no KPI “profit”"),
        ({"period": "soon"}, "There is no period “soon”"),
        ({"employee": "99"}, "There is no employee with the ID 99"),
        ({"employee": "²"}, "“²” is no ID"),
        ({"department": "9" * 30}, "is no ID"),
        ({"department": "99"}, "There is no department with the ID 99"),
        ({"employee": "2", "department": "1"}, "Choose an employee or a department, not both."),
    ],
)
def test_wrong_argument_is_one_sentence_above_the_form(
    root: Client, deal: Deal, wrong: dict[str, str], sentence: str
) -> None:
    page = read(root, 400, **wrong)
    assert sentence in page
    assert page.count("errornote") == 1
    assert '<select name="kpi">' in page


def test_excluded_records_are_counted_and_listed(root: Client, deal: Deal) -> None:
    Deal.objects.filter(pk=deal.pk).update(deleted_at=GONE_AT)
    assert "deleted on the portal" in read(root)
    page = read(root, excluded="deleted_deal_closed_on")
    assert "&lt;b&gt;Розы" in page
    assert "Лютик" not in page


def test_facts_that_lag_behind_are_told(root: Client, deal: Deal, portal: Portal, cast: Cast) -> None:
    assert "Reports still show" not in read(root)
    win_deal(portal, DAY, cast.bob, "1")
    assert "Reports still show 1,500 RUB" in read(root)


def test_pages_turn_and_keep_their_arguments(root: Client, portal: Portal, cast: Cast) -> None:
    for number in range(PAGE + 1):
        win_deal(portal, DAY, cast.bob, "1", title=f"Сделка {number:03}.")
    first, second = read(root, kpi="deals_won", employee="2"), read(root, kpi="deals_won", employee="2", page="2")
    assert (first.count("Сделка 0"), second.count("Сделка 0")) == (PAGE, 1)
    assert "employee=2&amp;" in first
    assert "records=deals_won&amp;page=2#records" in first
    assert "51–51 of 51" in second


@pytest.mark.parametrize("page", ["0", "-1", "junk", "9" * 40, "7"])
def test_page_that_does_not_exist_is_the_nearest(root: Client, deal: Deal, page: str) -> None:
    assert "1–2 of 2" in read(root, page=page)


@pytest.mark.parametrize("key", BY_KEY)
def test_every_kpi_has_its_page(root: Client, deal: Deal, key: str) -> None:
    with translation.override("en"):
        heading = f"<h2>{BY_KEY[key].name}:"
    assert heading in read(root, kpi=key, records="junk", excluded="junk")


def test_fifty_records_cost_as_many_queries_as_one(root: Client, portal: Portal, cast: Cast) -> None:
    counts = []
    for rows in (1, 49):
        for _ in range(rows):
            win_deal(portal, DAY, cast.bob, "1")
        read(root)
        with CaptureQueriesContext(connection) as queries:
            read(root)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24


def test_portal_without_a_mirror_and_no_portal_at_all_have_a_page(root: Client) -> None:
    assert "No portal is connected yet" in read(root)
    Portal.objects.create(name="Лютик", origin="https://other.example")
    assert "Value of deals: 0 RUB" in read(root)


def test_list_of_facts_leads_to_the_page(root: Client, deal: Deal) -> None:
    response = root.get("/admin/kpis/dailyfact/", {"kpi": "revenue", "period": "2026-03"})
    assert response.headers["Location"] == f"{PAGE_URL}?kpi=revenue&period=2026-03"


def test_page_needs_the_right_to_view(deal: Deal, client: Client) -> None:
    for role, status in ((Role.MANAGER, 403), (Role.HEAD, 200)):
        client.force_login(enter(role, role))
        assert client.get(PAGE_URL, {"period": "2026-03"}).status_code == status
    assert Client().get(PAGE_URL).status_code == 302


def test_page_has_nothing_inline(root: Client, deal: Deal) -> None:
    page = read(root).partition('id="content-main"')[2].partition("</main>")[0]
    assert page
    assert "<script" not in page
    assert "style=" not in page
