"""The made-up company's catalogue: two products a step of price, each sold with a margin of 15 to 45 %."""

import math

import numpy as np

from crmsync.sandbox.columns import Array
from crmsync.sandbox.company.deals import RATES
from crmsync.sandbox.company.names import PRODUCTS
from crmsync.sandbox.dictionaries import GOODS
from crmsync.sandbox.schema import Record

LOWEST_PRICE, STEP, STEPS = 50.0, 1.5, 25
PRODUCTS_A_STEP = 2
COUNT = STEPS * PRODUCTS_A_STEP
# At the lower edge of its step a product brings a margin of 15 %, at the upper one of 43 %.
BOUGHT_FOR = 0.85
# Nobody buys a contract, so nobody knows what it costs.
WITHOUT_PRICE = "Сервисный договор"
IN_DOLLARS = 7


def choose_products(rubles: Array, chances: Array) -> Array:
    """Choose products by the unit prices at which they are sold. *Shape*: positions in the catalogue."""
    steps = np.log(np.maximum(rubles, LOWEST_PRICE) / LOWEST_PRICE) / math.log(STEP)
    step = np.minimum(steps.astype(np.int64), STEPS - 1)
    return (step * PRODUCTS_A_STEP + chances % PRODUCTS_A_STEP).astype(np.uint8)


def name_product(place: int) -> str:
    """Name a product of the catalogue, no two alike."""
    return f"{PRODUCTS[place % len(PRODUCTS)]} {101 + place}"


def make_products() -> list[Record]:
    """Make the catalogue with its purchase prices, as catalog.product.list prints it."""
    return [make_product(place) for place in range(COUNT)]


def make_product(place: int) -> Record:
    """Make one product; every seventh is bought for dollars, and what is a contract has no price."""
    currency, rate = ("USD", float(RATES[1])) if place % IN_DOLLARS == 0 else ("RUB", 1.0)
    price = LOWEST_PRICE * STEP ** (place // PRODUCTS_A_STEP) * BOUGHT_FOR / rate
    known = {
        "id": place + 1,
        "iblockId": GOODS,
        "name": name_product(place),
        "active": "Y",
        "available": "Y",
        "type": 1,
    }
    if name_product(place).startswith(WITHOUT_PRICE):
        return {**known, "purchasingPrice": None, "purchasingCurrency": None}
    return {**known, "purchasingPrice": math.floor(price * 100) / 100, "purchasingCurrency": currency}
