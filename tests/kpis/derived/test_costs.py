"""Costs of won deals, by a field of the deal or by purchase prices; never guessed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crmsync.models import CurrencyRate, DealProduct, Portal, Product
from kpis.facts import rebuild
from kpis.models import KpiOptions, Sale
from tests.conftest import Cast
from tests.kpis.mirror import NUMBERS
from tests.kpis.rows import read_cell
from tests.kpis.talks import TEN, days, sell

FIELD = "UF_CRM_COST"


def choose(portal: Portal, source: str) -> None:
    KpiOptions.objects.create(portal=portal, cost_source=source, cost_field=FIELD)


@pytest.fixture
def rates(portal: Portal) -> None:
    for day, rate in ((1, 80), (3, 90)):
        CurrencyRate.objects.create(portal=portal, currency="USD", rated_on=date(2026, 3, day), rate=rate)


FIELDS: list[tuple[Any, str | None]] = [
    (60, "60"),
    (59.5, "59.5"),
    ("60.25", "60.25"),
    ("60.25|RUB", "60.25"),
    ("2|USD", "160"),
    ("2|EUR", None),
    ("", None),
    (None, None),
    ("a lot", None),
    ("NaN", None),
    ("1e999", None),
    (True, None),
    ([60], None),
    ({"VALUE": 60}, None),
    (0, "0"),
]


@pytest.mark.parametrize(("told", "cost"), FIELDS)
@pytest.mark.usefixtures("rates")
def test_cost_is_read_from_the_field(portal: Portal, told: Any, cost: str | None) -> None:
    choose(portal, "field")
    sell(portal, TEN, custom_fields={FIELD: told})
    rebuild(portal)
    assert Sale.objects.get().cost == (None if cost is None else Decimal(cost))


def test_deal_without_the_field_has_no_cost(portal: Portal) -> None:
    choose(portal, "field")
    sell(portal, TEN, custom_fields={"UF_CRM_OTHER": 60})
    rebuild(portal)
    assert Sale.objects.get().cost is None


def test_cost_is_not_known_unless_chosen(portal: Portal, cast: Cast, day_zero: date) -> None:
    sell(portal, TEN, cast.bob, custom_fields={FIELD: 60})
    rebuild(portal)
    assert not {"cost", "revenue_with_cost", "deals_with_cost"} & read_cell(portal, cast.bob, day_zero).keys()


def test_facts_sum_costs_and_the_revenue_of_those_deals(portal: Portal, cast: Cast, day_zero: date) -> None:
    choose(portal, "field")
    sell(portal, TEN, cast.bob, custom_fields={FIELD: 60})
    sell(portal, TEN, cast.bob, amount_base=Decimal(900))
    rebuild(portal)
    cell = read_cell(portal, cast.bob, day_zero)
    assert (cell["cost"], cell["revenue_with_cost"], cell["deals_with_cost"], cell["revenue"]) == (60, 100, 1, 1000)


def add_product(portal: Portal, price: str | None, currency: str = "", **fields: Any) -> int:
    told = {"purchase_price": price, "purchase_currency": currency} | fields
    return Product.objects.create(portal=portal, external_id=next(NUMBERS), **told).external_id


def add_line(portal: Portal, deal: int, product: int | None, quantity: str | None = "1", **fields: Any) -> None:
    told = {"deal_external_id": deal, "product_external_id": product, "quantity": quantity}
    DealProduct.objects.create(portal=portal, external_id=next(NUMBERS), **told, **fields)


@pytest.mark.usefixtures("rates")
def test_cost_adds_up_the_purchase_prices(portal: Portal) -> None:
    choose(portal, "products")
    deal = sell(portal, days(1))
    add_line(portal, deal.external_id, add_product(portal, "10.50"), "2")
    # The rate of 1 March serves 3 March no more.
    add_line(portal, deal.external_id, add_product(portal, "0.1", "USD"), "1.5")
    rebuild(portal)
    assert Sale.objects.get().cost == Decimal("34.5")


@pytest.mark.parametrize(
    ("price", "currency", "quantity"), [(None, "", "1"), ("1", "EUR", "1"), ("1", "", None), ("none", "", "1")]
)
def test_one_line_of_unknown_price_leaves_the_cost_unknown(
    portal: Portal, price: str | None, currency: str, quantity: str | None
) -> None:
    choose(portal, "products")
    deal = sell(portal, TEN)
    add_line(portal, deal.external_id, add_product(portal, "5"))
    add_line(portal, deal.external_id, None if price == "none" else add_product(portal, price, currency), quantity)
    rebuild(portal)
    assert Sale.objects.get().cost is None


def test_deal_without_lines_has_no_known_cost(portal: Portal) -> None:
    choose(portal, "products")
    deal = sell(portal, TEN)
    add_line(portal, deal.external_id, add_product(portal, "5"), deleted_at=TEN)
    rebuild(portal)
    assert Sale.objects.get().cost is None
