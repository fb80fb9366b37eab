"""A purchase price that changes touches the deals whose lines have the product."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crmsync import deals
from crmsync.deals import touch_buyers
from crmsync.models import DealProduct, Portal, TouchedDay, TouchedRecord
from crmsync.rows import Surroundings
from crmsync.touches import is_repriced
from tests.crmsync.unit.raws import land_raws, make_raw


def price(amount: str | None, currency: str = "RUB") -> dict[str, Any]:
    return {"purchase_price": amount and Decimal(amount), "purchase_currency": currency}


def add_lines(portal: Portal, *lines: tuple[int, int]) -> None:
    for key, (deal, product) in enumerate(lines, start=1):
        DealProduct.objects.create(portal=portal, external_id=key, deal_external_id=deal, product_external_id=product)


def read_records() -> list[tuple[int, int]]:
    return sorted(TouchedRecord.objects.values_list("owner_type", "external_id"))


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (None, price("5"), True),
        (price("5"), None, True),
        (price("5"), price("6"), True),
        (price("5"), price("5", "USD"), True),
        (price("5"), price(None), True),
        (price("5"), price("5.0000"), False),
        (None, price(None), False),
        (price(None), price(None, "USD"), False),
        (price("0"), price(None), True),
    ],
)
def test_price_is_an_amount_in_a_currency(before: Any, after: Any, changed: bool) -> None:
    assert is_repriced("product", before, after) == changed


def test_other_tables_have_no_purchase_price() -> None:
    assert not is_repriced("deal", None, {"external_id": 1})


def test_landed_price_touches_each_deal_once(around: Surroundings) -> None:
    add_lines(around.portal, (1, 9), (1, 9), (2, 9), (3, 8))
    for amount in (7, 7, "7.0"):
        land_raws(around, "products", [make_raw("products", id=9, purchasingPrice=amount)])
    assert read_records() == [(2, 1), (2, 2)]


def test_renamed_product_touches_nothing(around: Surroundings) -> None:
    add_lines(around.portal, (1, 9))
    land_raws(around, "products", [make_raw("products", id=9, name="old")])
    land_raws(around, "products", [make_raw("products", id=9, name="new")])
    assert read_records() == []


@pytest.mark.parametrize(("amount", "days"), [(None, 0), (7, 1)])
def test_first_walk_touches_everything_when_it_brings_a_price(around: Surroundings, amount: Any, days: int) -> None:
    land_raws(around, "products", [make_raw("products", id=9, purchasingPrice=amount)], first=True)
    assert (TouchedDay.objects.filter(day=None).count(), read_records()) == (days, [])


def test_lines_that_are_gone_and_other_portals_deals_are_left_alone(around: Surroundings) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    add_lines(other, (1, 9))
    add_lines(around.portal, (2, 9))
    DealProduct.objects.filter(portal=around.portal).update(deleted_at="2026-03-02T12:00:00Z")
    touch_buyers(around.portal, {9})
    assert read_records() == []


@pytest.mark.parametrize(("most", "records", "days"), [(2, 2, 0), (1, 0, 1)])
def test_of_very_many_deals_none_is_named(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch, most: int, records: int, days: int
) -> None:
    monkeypatch.setattr(deals, "MOST_BUYERS", most)
    add_lines(around.portal, (1, 9), (2, 9), (2, 8))
    touch_buyers(around.portal, {8, 9})
    assert (len(read_records()), TouchedDay.objects.filter(day=None).count()) == (records, days)


def test_page_of_products_costs_one_question_about_lines(around: Surroundings) -> None:
    add_lines(around.portal, *((key, key) for key in range(1, 51)))
    with CaptureQueriesContext(connection) as queries:
        land_raws(around, "products", [make_raw("products", id=key, purchasingPrice=key) for key in range(1, 51)])
    assert sum("crmsync_dealproduct" in query["sql"] for query in queries) == 1
    assert len(read_records()) == 50
