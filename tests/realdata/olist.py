"""Olist's qualified leads, and the sellers won from them as deals of pipeline 1."""

from datetime import datetime, timedelta
from typing import Any

from tests.realdata.dictionaries import OLIST, write_source
from tests.realdata.history import CREATED, FINISHED, MOVED, Move, trace_seller
from tests.realdata.maven import write_semantics
from tests.realdata.people import ADMINISTRATOR, Staff
from tests.realdata.stamps import (
    PORTAL_OFFSET,
    at_ten,
    choose_evidence,
    write_blank,
    write_day,
    write_instant,
    write_nothing,
)
from tests.realdata.tables import Row

Record = dict[str, Any]
Moves = list[tuple[int, Move]]
FIRST_DEAL, FIRST_SELLER = 10_001, 1_001


def read_won(row: Row) -> datetime:
    """Read the exact moment of winning, which the table writes in the portal's clock."""
    return datetime.fromisoformat(row["won_date"]).replace(tzinfo=PORTAL_OFFSET)


def list_sellers(closed: list[Row]) -> list[Record]:
    """List the sellers as companies, numbered by line."""
    return [
        {"id": key, "title": row["seller_id"], "assignedById": ADMINISTRATOR, "isMyCompany": "N"}
        | {"createdTime": read_won(row).isoformat()}
        for key, row in enumerate(closed, start=FIRST_SELLER)
    ]


def list_leads(leads: list[Row], closed: list[Row], staff: Staff) -> tuple[list[Record], Moves]:
    """List the leads numbered by line; nobody is known to be responsible for one that was never won."""
    won = {row["mql_id"]: row for row in closed}
    records: list[Record] = []
    moves: Moves = []
    for number, row in enumerate(leads, start=1):
        created, deal = at_ten(row["first_contact_date"]), won.get(row["mql_id"])
        stage = "CONVERTED" if deal else "IN_PROCESS"
        trace = [Move(created, CREATED, "NEW")]
        trace.append(Move(read_won(deal), FINISHED, stage) if deal else Move(created, MOVED, stage))
        moved = max(move.at for move in trace)
        records.append(
            _write_lead(number, row, created)
            | {"assignedById": staff.olist[deal["sdr_id"]] if deal else write_nothing(number)}
            | {"stageId": stage, "stageSemanticId": write_semantics(number, stage)}
            | {"movedTime": write_instant(moved), "updatedTime": write_instant(moved)}
        )
        moves += [(number, move) for move in trace]
    return records, moves


def _write_lead(number: int, row: Row, created: datetime) -> Record:
    origin = row["origin"]
    return {
        "id": number,
        "title": row["mql_id"],
        "createdTime": write_instant(created),
        "sourceId": write_source(origin) if origin else write_blank(number),
        "utmCampaign": _write_campaign(number, row),
        "opportunity": (0, None)[number % 2],
        "currencyId": "BRL",
        "companyId": write_nothing(number),
    }


def _write_campaign(number: int, row: Row) -> str | None:
    return row["landing_page_id"] if number % 4 else write_blank(number)


def place_deal(number: int, lead: Row) -> datetime:
    """Place a deal's creation: with its lead, or in one of five six hours later."""
    return at_ten(lead["first_contact_date"]) + timedelta(hours=6 if number % 5 == 2 else 0)


def list_seller_deals(leads: list[Row], closed: list[Row], staff: Staff) -> tuple[list[Record], Moves]:
    """List the closed deals, numbered by line: created with their lead or after it, won at the exact moment."""
    numbers = {row["mql_id"]: i for i, row in enumerate(leads, start=1)}
    deals: list[Record] = []
    moves: Moves = []
    for number, row in enumerate(closed, start=FIRST_DEAL):
        lead = leads[numbers[row["mql_id"]] - 1]
        created, won = place_deal(number, lead), read_won(row)
        trace = trace_seller(number, created=created, closed=won)
        trace = trace[:-1] if choose_evidence(number) == "moved" else trace
        links = {"leadId": numbers[row["mql_id"]], "companyId": number - FIRST_DEAL + FIRST_SELLER}
        deals.append(
            _write_seller_deal(number, row, created, won) | links | {"assignedById": staff.olist[row["sr_id"]]}
        )
        deals[-1]["utmCampaign"] = _write_campaign(numbers[row["mql_id"]], lead)
        deals[-1]["sourceId"] = write_source(lead["origin"]) if lead["origin"] else write_blank(number)
        moves += [(number, move) for move in trace]
    return deals, moves


def _write_seller_deal(number: int, row: Row, created: datetime, won: datetime) -> Record:
    # The plan is half a month off, so that whoever trusts it first gets other months.
    plan = won.date() + timedelta(days=15 if number % 11 == 4 else 0)
    return {
        "id": number,
        "title": f"{row['business_segment']} {row['lead_type']}".strip(),
        "categoryId": OLIST,
        "stageId": "C1:WON",
        "stageSemanticId": write_semantics(number, "C1:WON"),
        "closed": "Y",
        "createdTime": write_instant(created),
        "movedTime": write_instant(won),
        "updatedTime": write_instant(max(won, created)),
        "closedate": write_day(plan, number=number),
        "opportunity": int(row["declared_monthly_revenue"]),
        "currencyId": "BRL",
        "contactId": write_nothing(number),
    }
