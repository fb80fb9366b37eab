"""What won deals cost, where a portal says how to know: by a field of the deal, or by its products' purchase prices."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from crmsync.bitrix24.normalize import MalformedError, read_decimal
from crmsync.conversion import Rates
from crmsync.models import DealProduct, Portal, Product
from crmsync.rates import load_rates
from kpis.derived.deals import WonDeal
from kpis.derived.objects import cut_portions
from kpis.models import KpiOptions

Costs = dict[int, Decimal]
# Quantity and product of a deal's lines.
Lines = dict[int, list[tuple[Decimal | None, int | None]]]
Prices = Mapping[int, tuple[Decimal, str]]


def find_costs(portal: Portal, deals: Collection[WonDeal], options: KpiOptions) -> Costs:
    """Find what deals cost, by their keys, in base currency of the day they were won. Empty: none where not known."""
    if options.cost_source == KpiOptions.CostSource.FIELD:
        rates = load_rates(portal)
        found = {deal.key: read_field(deal, options.cost_field, rates) for deal in deals}
    elif options.cost_source == KpiOptions.CostSource.PRODUCTS:
        found = add_up_products(portal, deals)
    else:
        found = {}
    return {key: cost for key, cost in found.items() if cost is not None}


def read_field(deal: WonDeal, name: str, rates: Rates) -> Decimal | None:
    """Read the cost that a field tells: a number, or "123.45|RUB" of a money field. Empty: None for anything else."""
    told = (deal.custom_fields or {}).get(name)
    if isinstance(told, bool | list | dict):
        return None
    try:
        amount = read_decimal(told, places=6)
    except MalformedError:
        return None
    currency = str(told).partition("|")[2].strip()
    return rates.convert(amount, currency, deal.won_on)


def add_up_products(portal: Portal, deals: Collection[WonDeal]) -> dict[int, Decimal | None]:
    """Add up purchase prices by deal; None for a deal with a line whose price is not known."""
    rates, ids = load_rates(portal), sorted(deal.external_id for deal in deals)
    lines = read_lines(portal, ids)
    prices = read_prices(portal, {product for of_deal in lines.values() for _, product in of_deal if product})
    return {deal.key: add_up_lines(deal, lines.get(deal.external_id, []), prices, rates) for deal in deals}


def add_up_lines(deal: WonDeal, lines: list[Any], prices: Prices, rates: Rates) -> Decimal | None:
    """Add up one deal's lines. Empty: None without any line, or when one has no quantity, price or rate."""
    costs = [
        rates.convert(quantity * prices[product][0], prices[product][1], deal.won_on)
        if quantity is not None and product in prices
        else None
        for quantity, product in lines
    ]
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal()) if known and len(known) == len(costs) else None


def read_lines(portal: Portal, deal_ids: Collection[int]) -> Lines:
    """Read the product lines of deals, by the deals' CRM ids."""
    lines: Lines = defaultdict(list)
    for portion in cut_portions(list(deal_ids)):
        rows = DealProduct.objects.live().filter(portal=portal, deal_external_id__in=portion)
        for deal, quantity, product in rows.values_list("deal_external_id", "quantity", "product_external_id"):
            lines[deal].append((quantity, product))
    return lines


def read_prices(portal: Portal, products: Collection[int]) -> Prices:
    """Read purchase prices with their currencies; also of products that the catalogue has no more."""
    prices: dict[int, tuple[Decimal, str]] = {}
    for portion in cut_portions(sorted(products)):
        priced = Product.objects.filter(portal=portal, external_id__in=portion, purchase_price__isnull=False)
        for key, price, currency in priced.values_list("external_id", "purchase_price", "purchase_currency"):
            prices[key] = price or Decimal(), currency
    return prices
