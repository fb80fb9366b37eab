"""The portal's dictionaries: pipelines, stages, lead statuses, sources and currencies."""

from typing import Any

from tests.realdata.tables import Row

Record = dict[str, Any]
MAVEN, OLIST = 0, 1
# "Lost to nobody" is a stage that deals still name though the dictionary no longer has it.
DELETED_STAGE = "UC_NODEAL"
Entry = tuple[str, str, str | None]
STAGES: dict[str, list[Entry]] = {
    "DEAL_STAGE": [
        ("NEW", "Prospecting", None),
        ("EXECUTING", "Engaging", ""),
        ("WON", "Won", "S"),
        ("LOSE", "Lost", "F"),
    ],
    "DEAL_STAGE_1": [("C1:NEW", "Negotiation", ""), ("C1:WON", "Seller joined", "S"), ("C1:LOSE", "Lost", "F")],
    "STATUS": [
        ("NEW", "New", None),
        ("IN_PROCESS", "Qualified", None),
        ("CONVERTED", "Converted", "S"),
        ("JUNK", "Junk", "F"),
    ],
}
STAGE_SEMANTICS = {stage: letter or "P" for rows in STAGES.values() for stage, _, letter in rows}
STAGE_SEMANTICS[DELETED_STAGE] = "F"


def write_source(origin: str) -> str:
    """Return the source's id for an origin that is there."""
    return origin.upper()


def list_statuses(leads: list[Row]) -> list[Record]:
    """List what crm.status.list returns: the stages above and a source for every origin."""
    sources: list[Entry] = [
        (write_source(name), name, None) for name in sorted({row["origin"] for row in leads} - {""})
    ]
    rows: list[Record] = []
    for entity, entries in {**STAGES, "SOURCE": sources}.items():
        category = "1" if entity == "DEAL_STAGE_1" else None
        for position, (key, name, letter) in enumerate(entries, start=1):
            row = {"ID": str(101 + len(rows)), "ENTITY_ID": entity, "STATUS_ID": key, "NAME": name}
            rows.append(row | {"SORT": str(10 * position), "SEMANTICS": letter, "CATEGORY_ID": category})
    return rows


def list_categories() -> list[Record]:
    """List what crm.category.list returns."""
    return [
        {"id": MAVEN, "name": "Maven", "sort": 100, "entityTypeId": 2, "isDefault": "Y"},
        {"id": OLIST, "name": "Olist", "sort": 200, "entityTypeId": 2, "isDefault": "N"},
    ]


def list_currencies() -> list[Record]:
    """List what crm.currency.list returns; ten reals make three dollars, so one is 0.30."""
    dollar = {"CURRENCY": "USD", "AMOUNT_CNT": "1", "AMOUNT": "1.0000", "BASE": "Y", "FULL_NAME": "US dollar"}
    real = {"CURRENCY": "BRL", "AMOUNT_CNT": "10", "AMOUNT": "3.0000", "BASE": "N", "FULL_NAME": "Brazilian real"}
    dated = {"DATE_UPDATE": "2018-01-01T00:00:00+03:00"}
    return [dollar | dated | {"SORT": "100"}, real | dated | {"SORT": "200"}]
