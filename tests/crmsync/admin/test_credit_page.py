"""Changes of credit are read with names instead of IDs, on their list and on the record's page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crmsync.models import CreditChange, Deal, Lead, Portal
from tests.conftest import Cast
from tests.crmsync.admin.rows import make_row


def change(portal: Portal, field: str, before: str, after: str, **values: Any) -> CreditChange:
    kept: CreditChange = make_row(CreditChange, portal, field=field, before=before, after=after, **values)
    return kept


@pytest.mark.parametrize(
    ("field", "before", "after", "shown"),
    [
        ("responsible", "1", "2", ("Волкова Алиса", "Петров Борис")),
        ("credit", "", "99", ("—", "ID 99")),
        ("stage", "0/NEW", "1/C1:NEW", ("Продажи: Новая", "Опт: Первичный контакт")),
        ("stage", "5/C5:X", "0/WON", ("C5:X", "Продажи: Успех")),
        ("amount", "", "1234.5000 RUB", ("—", "1,234.50\xa0RUB")),
        ("closed", "", "2026-03-02T09:00:00Z", ("—", "03/02/2026 noon")),
        ("presence", "2026-03-02T09:00:00Z", "", ("03/02/2026 noon", "—")),
    ],
)
def test_change_is_written_with_names(
    root: Client, portal: Portal, cast: Cast, dictionaries: None, field: str, before: str, after: str, shown: tuple
) -> None:
    deal = make_row(Deal, portal, 1)
    change(portal, field, before, after)
    for url in ("creditchange/", f"deal/{deal.pk}/change/"):
        page = root.get(f"/admin/crmsync/{url}").content.decode()
        for text in shown:
            assert text in page


def test_leads_page_names_the_status_and_who_changed_it(
    root: Client, portal: Portal, cast: Cast, dictionaries: None
) -> None:
    lead = make_row(Lead, portal, 1)
    change(portal, "stage", "", "NEW", entity=1, changed_by_external_id=3)
    page = root.get(f"/admin/crmsync/lead/{lead.pk}/change/").content.decode()
    for text in ("History of credit", "Не обработан", "Ким Карина"):
        assert text in page


def test_page_shows_only_its_own_records_changes(root: Client, portal: Portal) -> None:
    deal = make_row(Deal, portal, 1)
    change(portal, "amount", "", "1 RUB", entity=1)
    change(portal, "amount", "", "2 RUB", external_id=7)
    response = root.get(f"/admin/crmsync/deal/{deal.pk}/change/")
    assert response.context["changes"] == []


def test_changes_are_found_by_record_field_and_entity(listed: Callable, portal: Portal) -> None:
    change(portal, "amount", "", "1 RUB", external_id=77)
    change(portal, "stage", "", "NEW", external_id=78, entity=1)
    assert listed("creditchange", q="77") == [77]
    assert listed("creditchange", field__exact="stage") == [78]
    assert listed("creditchange", entity__exact="2") == [77]
