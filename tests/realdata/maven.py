"""Maven's opportunities as deals of pipeline 0, with their customers, product lines and stage history."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.realdata.customers import link_customer, link_lead
from tests.realdata.dictionaries import DELETED_STAGE, MAVEN, STAGE_SEMANTICS
from tests.realdata.history import CREATED, Move, trace_open, trace_outcome
from tests.realdata.people import Staff
from tests.realdata.stamps import (
    SNAPSHOT_DAY,
    at_ten,
    choose_evidence,
    place_closing,
    write_blank,
    write_day,
    write_instant,
)
from tests.realdata.tables import Row

Record = dict[str, Any]
OPEN_STAGES = {"Prospecting": "NEW", "Engaging": "EXECUTING"}
PRODUCT_NAMES = {"GTXPro": "GTX Pro"}


def list_product_rows(pipeline: list[Row], products: list[Row]) -> list[Record]:
    """List one line a deal at the price of the list; the deals' amounts were set by hand."""
    listed = {row["product"]: (i, int(row["sales_price"])) for i, row in enumerate(products, start=1)}
    rows = []
    for number, row in enumerate(pipeline, start=1):
        name = PRODUCT_NAMES.get(row["product"], row["product"])
        key, price = listed[name]
        line = {"id": number, "ownerId": number, "ownerType": "D", "productId": key, "productName": name}
        rows.append(line | {"price": price, "quantity": 1, "taxRate": None})
    return rows


def list_deals(
    pipeline: list[Row], accounts: list[Row], leads: list[Row], staff: Staff
) -> tuple[list[Record], list[tuple[int, Move]]]:
    """List the opportunities as deals numbered by line, and every move they made."""
    companies = {row["account"]: i for i, row in enumerate(accounts, start=1)}
    deals, moves = [], []
    for number, row in enumerate(pipeline, start=1):
        created = at_ten(row["engage_date"] or SNAPSHOT_DAY)
        links = link_customer(number, companies.get(row["account"])) | link_lead(number, row, len(leads))
        outcome, trace = _close(number, row, created) if row["close_date"] else _keep_open(number, row, created)
        common = _write_deal(number, row, created) | {"assignedById": staff.agents[row["sales_agent"]]}
        deals.append(common | links | outcome)
        moves += [(number, move) for move in trace]
    return deals, moves


def _write_deal(number: int, row: Row, created: datetime) -> Record:
    currency = {5: None, 7: ""}.get(number % 23, "USD")
    return {
        "id": number,
        "title": f"{row['opportunity_id']} {row['product']}",
        "categoryId": MAVEN,
        "createdTime": write_instant(created),
        "begindate": write_day(created.date(), number=number),
        "currencyId": currency,
        "isManualOpportunity": "Y",
        "sourceId": write_blank(number),
    }


def write_semantics(number: int, stage: str) -> str | None:
    """Write a record's meaning; where it is left out, the dictionary has to serve."""
    letter = STAGE_SEMANTICS[stage]
    return letter if stage == DELETED_STAGE else {4: None, 7: ""}.get(number % 9, letter)


def _close(number: int, row: Row, created: datetime) -> tuple[Record, list[Move]]:
    day = date.fromisoformat(row["close_date"])
    closed = place_closing(number, row["close_date"])
    stage = "WON" if row["deal_stage"] == "Won" else (DELETED_STAGE if number % 5 == 0 else "LOSE")
    evidence = choose_evidence(number)
    trace = [Move(created, CREATED, "NEW")] if number % 2 else []
    if evidence == "history":
        trace = trace_outcome(number, created=created, closed=closed, stage=stage)
    moved = closed + timedelta(hours=26) if evidence == "history" and number % 11 == 8 else closed
    return {
        "stageId": stage,
        "stageSemanticId": write_semantics(number, stage),
        "closed": "Y",
        "opportunity": _write_amount(number, row["close_value"]),
        "movedTime": write_blank(number) if evidence == "planned" else write_instant(moved),
        "closedate": write_day(day, number=number) if evidence == "planned" else _write_plan(number, day),
        "updatedTime": write_instant(closed + timedelta(hours=27)),
    }, trace


def _write_amount(number: int, text: str) -> int | float | None:
    amount = Decimal(text)
    if not amount:
        return (0, None)[number % 2]
    return float(amount) if number % 3 == 0 else int(amount)


def _write_plan(number: int, day: date) -> str | None:
    """Write the planned date of a deal whose moment is known better: right, forty days early, or empty."""
    if number % 11 == 5:
        return write_blank(number)
    return write_day(day - timedelta(days=40 if number % 11 == 4 else 0), number=number)


def _keep_open(number: int, row: Row, created: datetime) -> tuple[Record, list[Move]]:
    stage = OPEN_STAGES[row["deal_stage"]]
    trace = trace_open(number, created=created, stage=stage)
    return {
        "stageId": stage,
        "stageSemanticId": write_semantics(number, stage),
        "closed": "N",
        "opportunity": (0, None)[number % 2],
        "movedTime": write_instant(trace[-1].at),
        "closedate": write_blank(number),
        "updatedTime": write_instant(trace[-1].at),
    }, trace
