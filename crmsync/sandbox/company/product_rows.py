"""Product rows of the made-up deals; the rows of a deal add up to its amount, and each is of a product of its price."""

from dataclasses import dataclass

import numpy as np

from crmsync.sandbox.choices import Choices, Constant, Derived, Serial
from crmsync.sandbox.columns import Array, Column, Numbers
from crmsync.sandbox.company.catalog import COUNT, choose_products, name_product
from crmsync.sandbox.company.chances import scatter
from crmsync.sandbox.company.deal_columns import count_rows
from crmsync.sandbox.company.deals import RATES, Deals
from crmsync.sandbox.schema import PRODUCT_ROWS
from crmsync.sandbox.table import Table

QUANTITIES = (10, 5, 4, 2)
PIECE_CODE = 796


@dataclass(frozen=True)
class Shares:
    """How the deals' amounts are split: whose every row is, where each deal's rows begin and how many there are."""

    deals: Deals
    owners: Array
    first: Array
    counts: Array

    def split(self, at: Array) -> tuple[Array, Array]:
        """Return pieces and unit prices of some rows, exact products; the last row of a deal takes the rest.

        Units: price in hundredths.
        """
        owner = self.owners[at]
        whole = np.rint(self.deals.amount[owner] * 100).astype(np.int64)
        even = whole // self.counts[owner]
        last = at - self.first[owner] == self.counts[owner] - 1
        own = np.where(last, whole - even * (self.counts[owner] - 1), even)
        pieces = np.select([(own % size == 0) & (own >= size) for size in QUANTITIES], QUANTITIES, default=1)
        return pieces, own // pieces

    def prices(self, at: Array) -> list[float]:
        """Return unit prices in the deal's currency."""
        return list((self.split(at)[1] / 100).tolist())

    def quantities(self, at: Array) -> list[int]:
        """Return numbers of pieces."""
        return list(self.split(at)[0].tolist())

    def prices_in_base(self, at: Array) -> list[float]:
        """Return unit prices in the base currency."""
        rates = RATES[self.deals.currency[self.owners[at]]].tolist()
        return [round(price * rate, 2) for price, rate in zip(self.prices(at), rates, strict=True)]

    def products(self) -> Array:
        """Choose for every row one of the products that cost about as much, by its position in the catalogue."""
        at = np.arange(len(self.owners))
        rubles = self.split(at)[1] / 100 * RATES[self.deals.currency[self.owners]]
        return choose_products(rubles, scatter(at))

    def places(self, at: Array) -> list[int]:
        """Return the sort values inside each deal."""
        return list((10 * (at - self.first[self.owners[at]] + 1)).tolist())


def tabulate_rows(deals: Deals) -> Table:
    """Show product rows as crm.item.productrow.list prints them, in the order of their deals."""
    counts = count_rows(len(deals))
    owners = np.repeat(np.arange(len(deals), dtype=np.uint32), counts)
    shares = Shares(deals, owners, np.cumsum(counts) - counts, counts)
    length = len(owners)
    price = Derived(shares.prices, length=length)
    product = shares.products()
    columns: dict[str, Column] = {
        "id": Serial(length=length),
        "ownerId": Numbers(owners + 1, ascending=True),
        "ownerType": Constant("D", length=length),
        "productId": Choices(product, range(1, COUNT + 1)),
        "productName": Choices(product, [name_product(place) for place in range(COUNT)]),
        **dict.fromkeys(("price", "priceExclusive", "priceNetto", "priceBrutto"), price),
        "priceAccount": Derived(shares.prices_in_base, length=length),
        "quantity": Derived(shares.quantities, length=length),
        "discountTypeId": Constant(2, length=length),
        "taxIncluded": Constant("Y", length=length),
        "customized": Constant("Y", length=length),
        "measureCode": Constant(PIECE_CODE, length=length),
        "measureName": Constant("шт", length=length),
        "sort": Derived(shares.places, length=length),
        "type": Constant(1, length=length),
    }
    return Table(PRODUCT_ROWS, columns, length=length)
