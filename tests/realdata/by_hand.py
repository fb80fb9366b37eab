"""Tables of a few lines, and activities around them, small enough to work every KPI by hand."""

import json
from pathlib import Path
from typing import Any

from tests.realdata.tables import Row, write_table

ANN, BEN = "101", "102"
LEAD, DEAL = "1", "2"


def write_tables(target: Path) -> Path:
    """Write the tables, and beside them the activities as the converted folder has them."""
    write_table(target, "sales_teams", [{"sales_agent": "Ann"}, {"sales_agent": "Ben"}])
    write_table(target, "accounts", [{"account": "Acorn"}])
    write_table(target, "sales_pipeline", list_opportunities())
    leads = [*((key, "2017-03-05", "email") for key in "xywv"), ("z", "2017-04-02", "")]
    headings = ("mql_id", "first_contact_date", "origin")
    write_table(target, "olist_marketing_qualified_leads", [dict(zip(headings, lead, strict=True)) for lead in leads])
    won = {"sdr_id": "d", "sr_id": "r"}
    early = won | {"mql_id": "x", "won_date": "2017-03-05 09:00:00", "declared_monthly_revenue": "10"}
    late = won | {"mql_id": "y", "won_date": "2017-03-07 10:00:00", "declared_monthly_revenue": "20"}
    write_table(target, "olist_closed_deals", [early, late])
    write_table(target, "olist_reviews_sample", list_reviews())
    lines = (json.dumps(row | {"ID": str(key)}) for key, row in enumerate(list_activities(), start=1))
    (target / "activities.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return target


def list_opportunities() -> list[Row]:
    """List five opportunities of one account."""
    return [
        sell("Ann", "2017-03-11", "100"),  # 00:15:00
        sell("Ann", "2017-03-31", "51"),  # 23:59:59
        sell("Ben", "2017-04-01", "7"),  # 00:00:00; a contact bought it
        sell("Ben", "2017-03-20", "0", "Lost"),
        sell("Ben", "2017-04-01", "1000"),  # planned: the day's first second
    ]


def sell(agent: str, closed: str, value: str, stage: str = "Won") -> Row:
    """Write one opportunity."""
    sale = {"sales_agent": agent, "account": "Acorn", "engage_date": "2017-03-01", "close_date": closed}
    return sale | {"close_value": value, "deal_stage": stage}


def list_reviews() -> list[Row]:
    """List seven reviews: the third is not confirmed, the fourth never sent, the fifth imported, the sixth nobody's."""
    told = [
        ("5", "2017-03-10", "2017-03-12 12:00:00"),
        ("1", "2017-03-11", "2017-03-31 22:00:00"),
        ("5", "2017-03-12", "2017-03-13 12:00:00"),
        ("5", "2017-03-13", "2017-03-14 12:00:00"),
        ("4", "2017-03-14", "2017-03-15 12:00:00"),
        ("3", "2017-03-20", "2017-04-02 12:00:00"),
        ("2", "2017-03-21", "2017-03-22 12:00:00"),
    ]
    headings = ("review_score", "review_creation_date", "review_answer_timestamp")
    return [dict(zip(headings, (score, f"{day} 00:00:00", at), strict=True)) for score, day, at in told]


def list_activities() -> list[dict[str, Any]]:
    """List what was said around the first three leads, and other work."""
    return [
        act("4", "2", "05T09:00", BEN, 1),  # before the lead was there
        act("4", "1", "05T11:00", ANN, 1),
        act("2", "1", "05T11:30", BEN, 1, done="N"),  # missed: asks again
        act("2", "1", "05T12:00", BEN, 1),  # answered: no longer waiting
        act("4", "2", "05T13:00", BEN, 1),
        act("4", "1", "31T23:00", ANN, 2),  # never answered
        act("6", "2", "31T23:10", ANN, 2, provider="IMOPENLINES_SESSION") | {"OWNER_TYPE_ID": DEAL},
        act("6", "2", "31T23:30", ANN, 2, provider="CRM_SMS"),
        act("4", "2", "05T10:00", BEN, 3),  # in the second of the lead's creation
        act("1", "0", "10T10:00", ANN, 1),
        act("1", "0", "10T10:00", ANN, 1, done="N"),
        act("3", "0", "10T10:00", BEN, 1) | {"START_TIME": "", "CREATED": "2017-03-10T10:00:00+03:00"},
    ]


def act(kind: str, direction: str, at: str, by: str, lead: int, *, done: str = "Y", provider: str = "") -> Row:
    """Write one activity of March."""
    start = f"2017-03-{at}:00+03:00"
    about = {"TYPE_ID": kind, "PROVIDER_ID": provider, "DIRECTION": direction, "COMPLETED": done, "RESPONSIBLE_ID": by}
    return about | {"OWNER_TYPE_ID": LEAD, "OWNER_ID": str(lead), "START_TIME": start, "CREATED": start}
