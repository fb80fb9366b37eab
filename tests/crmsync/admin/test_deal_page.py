"""A deal's page: its outcome, its history, the way to its card."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from crmsync.cards import find_card_url
from crmsync.models import Activity, Company, Contact, Deal, DealProduct, Lead, Portal, Source, StageChange
from tests.conftest import Cast
from tests.crmsync.admin.rows import make_row


def open_page(root: Client, row: Any) -> str:
    return root.get(f"/admin/crmsync/{row._meta.model_name}/{row.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (Deal, "/crm/deal/details/7/"),
        (Lead, "/crm/lead/details/7/"),
        (Contact, "/crm/contact/details/7/"),
        (Company, "/crm/company/details/7/"),
    ],
)
def test_page_links_to_the_card(root: Client, portal: Portal, model: type[Any], path: str) -> None:
    assert f'href="{portal.origin}{path}"' in open_page(root, make_row(model, portal, 7))


def test_dictionary_entry_has_no_card(portal: Portal) -> None:
    assert find_card_url(make_row(Source, portal)) is None


def test_activity_links_to_its_owner(root: Client, portal: Portal) -> None:
    page = open_page(root, make_row(Activity, portal, owner_type=1038, owner_external_id=5))
    assert f'href="{portal.origin}/crm/type/1038/details/5/"' in page


def test_credit_stands_beside_the_present_responsible(root: Client, portal: Portal, cast: Cast) -> None:
    page = open_page(root, make_row(Deal, portal, responsible=cast.carol, credited_to=cast.bob))
    assert "Петров Борис" in page
    assert "Ким Карина" in page


def test_money_and_cycle_are_written_for_people(root: Client, portal: Portal) -> None:
    deal = make_row(Deal, portal, amount=Decimal("1234567.5"), currency="USD", cycle_seconds=90_000)
    page = open_page(root, deal)
    assert "1,234,567.50\xa0USD" in page
    assert "1\xa0d\xa01\xa0h" in page


def test_instants_are_shown_in_the_portals_zone(root: Client, portal: Portal) -> None:
    Portal.objects.update(time_zone="Asia/Vladivostok")
    deal = make_row(Deal, portal, closed_at=datetime(2026, 1, 31, 20, 15, tzinfo=UTC))
    assert "Feb. 1, 2026, 6:15 a.m." in open_page(root, deal)


def test_page_names_what_it_refers_to(root: Client, portal: Portal, dictionaries: None) -> None:
    company = make_row(Company, portal, 9, title="ООО Василёк")
    deal = make_row(Deal, portal, company_external_id=9, lead_external_id=404)
    page = open_page(root, deal)
    assert f'<a href="/admin/crmsync/company/{company.pk}/change/">ООО Василёк</a>' in page
    assert "ID 404" in page


def test_page_gives_the_bitrix_names(root: Client, portal: Portal) -> None:
    page = open_page(root, make_row(Deal, portal))
    for name in ("stageId", "categoryId", "opportunity", "assignedById", "closedate", "companyId"):
        assert name in page


def test_product_lines_are_multiplied(root: Client, portal: Portal) -> None:
    make_row(DealProduct, portal, 1, deal_external_id=7, product_name="Насос", price=Decimal("1500.5"))
    make_row(DealProduct, portal, 2, deal_external_id=8, product_name="Чужой")
    page = open_page(root, make_row(Deal, portal, 7, currency="RUB"))
    assert "3,001.00\xa0RUB" in page
    assert "Чужой" not in page


def test_stage_history_is_this_deals_and_newest_first(root: Client, portal: Portal, dictionaries: None) -> None:
    early, late = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    moves = {"owner_external_id": 7, "pipeline_external_id": 0}
    make_row(StageChange, portal, 1, stage_external_id="NEW", changed_at=early, **moves)
    make_row(StageChange, portal, 2, stage_external_id="WON", changed_at=late, **moves)
    make_row(StageChange, portal, 3, owner_external_id=7, entity=1)
    deal = make_row(Deal, portal, 7)
    response = root.get(f"/admin/crmsync/deal/{deal.pk}/change/")
    assert [str(move["stage"]) for move in response.context["moves"]] == ["Успех", "Новая"]


def test_activities_of_the_deal_are_counted(root: Client, portal: Portal) -> None:
    for number, owner in ((1, 7), (2, 7), (3, 8)):
        make_row(Activity, portal, number, owner_external_id=owner)
    make_row(Activity, portal, 4, owner_external_id=7, owner_type=1)
    deal = make_row(Deal, portal, 7)
    assert root.get(f"/admin/crmsync/deal/{deal.pk}/change/").context["activities"] == 2
    assert f"portal={portal.pk}&amp;owner_type=2&amp;owner_external_id=7" in open_page(root, deal)


def test_page_says_what_to_look_at(root: Client, portal: Portal) -> None:
    page = open_page(root, make_row(Deal, portal, amount_base=None, is_recurring=True))
    assert "no rate for its currency" in page
    assert "template of recurring deals" in page
    assert "won before it was created" not in page
