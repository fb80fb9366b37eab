"""The second scenario's money: what deals cost, in a field of the deals, and what marketing cost (R12, R13)."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.realdata.dictionaries import write_source
from tests.realdata.stamps import write_blank
from tests.realdata.tables import read_table, write_lines

Record = dict[str, Any]
COST_FIELD = "UF_CRM_COST"
HEADINGS = ("Date", "Source", "Amount", "Currency", "Kind")
USERFIELD = {"ID": "31", "ENTITY_ID": "CRM_DEAL", "FIELD_NAME": COST_FIELD, "USER_TYPE_ID": "money", "SORT": "100"}
USERFIELD |= {"XML_ID": None, "MULTIPLE": "N", "MANDATORY": "N", "SHOW_FILTER": "N", "SETTINGS": []}  # type: ignore[dict-item]


def add_costs(deals: list[Record]) -> None:
    """Write a cost to each deal: none, nothing, a plain number, or a number with its currency."""
    for deal in deals:
        deal[COST_FIELD] = write_cost(deal["id"], deal["opportunity"], deal["currencyId"])


def write_cost(number: int, amount: float | None, currency: str | None) -> str | None:
    """Write one cost, as a field of the type "money" is told."""
    cost = Decimal(str(amount or 0)) * (40 + number % 50) / 100
    if number % 6 == 0:
        return write_blank(number // 6)
    if number % 6 == 1:
        return f"0|{currency or 'USD'}"
    return f"{cost}" if number % 6 == 2 and currency == "USD" else f"{cost}|{currency or 'USD'}"


def write_spend(source: Path, target: Path) -> Path:
    """Write the costs of marketing by month and origin, as a file that can be imported."""
    months = Counter(
        (row["first_contact_date"][:7], row["origin"]) for row in read_table(source, "olist_marketing_qualified_leads")
    )
    places = {origin: place for place, origin in enumerate(sorted({origin for _, origin in months}))}
    rows = [_write_spend(month, origin, count, places[origin]) for (month, origin), count in sorted(months.items())]
    return write_lines(target / "spend.csv", HEADINGS, rows)


def _write_spend(month: str, origin: str, leads: int, place: int) -> tuple[str, ...]:
    reals = place % 2 == 1
    amount = Decimal(leads * (3 + place)) * (Decimal("1.05") if reals else Decimal("0.37"))
    kind = "sales" if place % 3 == 2 else "marketing"
    return f"{month}-{10 + place}", write_source(origin) if origin else "", str(amount), "BRL" if reals else "", kind
