"""Product rows of the made-up deals; the rows of a deal add up to its amount."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from crmsync.sandbox.choices import Choices, Constant, Derived, Serial
from crmsync.sandbox.columns import Array, Column, Numbers
from crmsync.sandbox.company.chances import scatter
from crmsync.sandbox.company.deal_columns import count_rows
from crmsync.sandbox.company.deals import RATES, Deals
from crmsync.sandbox.company.names import PRODUCTS
from crmsync.sandbox.schema import PRODUCT_ROWS
from crmsync.sandbox.table import Table

QUANTITIES = (10, 5, 4, 2)
PIECE_CODE = 796


def tabulate_rows(deals: Deals) -> Table:
    """Show product rows as crm.item.productrow.list prints them, in the order of their deals."""
    counts = count_rows(len(deals))
    owners = np.repeat(np.arange(len(deals), dtype=np.uint32), counts)
    first = np.cumsum(counts) - counts
    length = len(owners)

    def shares(at: Array) -> list[tuple[int, int]]:
        """Split each deal's kopecks over its rows, the last one taking the rest; return pieces and unit price."""
        owner = owners[at]
        kopecks = np.rint(deals.amount[owner] * 100).astype(np.int64)
        even = kopecks // counts[owner]
        last = at - first[owner] == counts[owner] - 1
        own = np.where(last, kopecks - even * (counts[owner] - 1), even)
        return [split_pieces(share) for share in own.tolist()]

    def prices(at: Array) -> Sequence[Any]:
        return [price / 100 for _, price in shares(at)]

    def quantities(at: Array) -> Sequence[Any]:
        return [pieces for pieces, _ in shares(at)]

    def in_base(at: Array) -> Sequence[Any]:
        rates = RATES[deals.currency[owners[at]]].tolist()
        return [round(price * rate, 2) for price, rate in zip(prices(at), rates, strict=True)]

    price = Derived(prices, length=length)
    product = (scatter(np.arange(length)) % len(PRODUCTS)).astype(np.uint8)
    columns: dict[str, Column] = {
        "id": Serial(length=length),
        "ownerId": Numbers(owners + 1, ascending=True),
        "ownerType": Constant("D", length=length),
        "productId": Choices(product, range(1, len(PRODUCTS) + 1)),
        "productName": Choices(product, PRODUCTS),
        **dict.fromkeys(("price", "priceExclusive", "priceNetto", "priceBrutto"), price),
        "priceAccount": Derived(in_base, length=length),
        "quantity": Derived(quantities, length=length),
        "discountTypeId": Constant(2, length=length),
        "taxIncluded": Constant("Y", length=length),
        "customized": Constant("Y", length=length),
        "measureCode": Constant(PIECE_CODE, length=length),
        "measureName": Constant("шт", length=length),
        "sort": Derived(lambda at: (10 * (at - first[owners[at]] + 1)).tolist(), length=length),
        "type": Constant(1, length=length),
    }
    return Table(PRODUCT_ROWS, columns, length=length)


def split_pieces(kopecks: int) -> tuple[int, int]:
    """Return a quantity and a price that multiply to the sum exactly."""
    pieces = next((size for size in QUANTITIES if kopecks % size == 0 and kopecks >= size), 1)
    return pieces, kopecks // pieces
