"""The page `/why/`: for whose number it is and for who sees him; for all others it does not exist."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from crmsync.models import Deal, Portal, Role
from tests.access.people import browse, enter
from tests.conftest import Cast
from tests.kpis.mirror import win_deal
from tests.kpis.world import fill


@pytest.fixture
def deal(portal: Portal, cast: Cast) -> Deal:
    win_deal(portal, date(2026, 3, 14), cast.carol, "500", title="Лютик")
    deal = win_deal(portal, date(2026, 3, 14), cast.bob, "1000", title="<b>Розы")
    fill(portal)
    return deal


@pytest.fixture
def bob(cast: Cast) -> Client:
    return browse(enter("bob", Role.MANAGER, cast.bob))


def read(browser: Client, connected: Portal, status: int = 200, **asked: Any) -> str:
    query: dict[str, Any] = {"portal": connected.pk, "kpi": "revenue", "period": "2026-03", "employee": 2} | asked
    response = browser.get("/why/", query)
    assert response.status_code == status
    return response.content.decode().replace("\xa0", " ")


def test_manager_reads_what_his_number_is_made_from(bob: Client, portal: Portal, deal: Deal) -> None:
    page = read(bob, portal)
    assert "Value of deals: 1,000 RUB" in page
    assert "&lt;b&gt;Розы" in page
    assert "Лютик" not in page
    assert "/admin/" not in page
    assert f'href="/scorecard/2026-03/2/?portal={portal.pk}"' in page


def test_head_may_go_on_to_the_record(cast: Cast, portal: Portal, deal: Deal) -> None:
    page = read(browse(enter("alice", Role.HEAD, cast.alice)), portal)
    assert f'href="/admin/crmsync/deal/{deal.pk}/change/"' in page


@pytest.mark.parametrize(
    "asked",
    [
        {"employee": 3},
        {"employee": 99},
        {"employee": "x"},
        {"department": 1, "employee": ""},
        {"kpi": "profit"},
        {"period": "soon"},
        {"portal": 99},
        {"portal": ""},
        {"portal": "9" * 30},
    ],
)
def test_what_one_may_not_see_is_absent(bob: Client, portal: Portal, deal: Deal, asked: dict[str, Any]) -> None:
    page = read(bob, portal, 404, **asked)
    assert "Лютик" not in page
    assert "There is no such page, or it is not for you." in page


def test_all_whom_one_sees_are_oneself(bob: Client, portal: Portal, deal: Deal) -> None:
    assert "Value of deals: 1,000 RUB" in read(bob, portal, employee="")


def test_stranger_is_sent_to_log_in(portal: Portal) -> None:
    assert Client().get("/why/").status_code == 302


def test_page_has_nothing_inline_and_costs_few_queries(
    bob: Client, portal: Portal, deal: Deal, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(24):
        page = read(bob, portal)
    assert "style=" not in page
    assert "<script" not in page
