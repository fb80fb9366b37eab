"""Turns the source tables into a folder of records that the sandbox portal can serve.

Usage: python -m tests.realdata.convert SOURCE_DIR OUT_DIR [--costs]
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.realdata import activities, customers, dictionaries, history, maven, olist, people
from tests.realdata.costs import USERFIELD, add_costs
from tests.realdata.tables import read_table

Record = dict[str, Any]
TABLES = (
    *("sales_teams", "sales_pipeline", "accounts", "products"),
    *("olist_marketing_qualified_leads", "olist_closed_deals"),
)
# Answers of clients do not come from the portal; the tests put them where they belong.
REVIEWS = "olist_reviews_sample"


def build_collections(source: Path, *, costs: bool = False) -> dict[str, list[Record]]:
    """Build every collection of the portal from the tables."""
    teams, pipeline, accounts, products, leads, closed = (read_table(source, name) for name in TABLES)
    staff = people.gather_staff(teams, pipeline, closed)
    deals, moves = maven.list_deals(pipeline, accounts, leads, staff)
    seller_deals, seller_moves = olist.list_seller_deals(leads, closed, staff)
    lead_records, lead_moves = olist.list_leads(leads, closed, staff)
    if costs:
        add_costs(deals + seller_deals)
    return {
        "users": people.list_users(staff),
        "departments": people.list_departments(staff),
        "statuses": dictionaries.list_statuses(leads),
        "categories": dictionaries.list_categories(),
        "currencies": dictionaries.list_currencies(),
        "companies": customers.list_accounts(accounts) + olist.list_sellers(closed),
        "leads": lead_records,
        "deals": deals + seller_deals,
        "productrows": maven.list_product_rows(pipeline, products),
        "stagehistory_leads": history.list_lead_history(lead_moves),
        "stagehistory_deals": history.list_deal_history(moves + seller_moves),
        "contacts": customers.list_contacts(pipeline),
        "activities": activities.list_activities(leads, pipeline, staff),
    }


def write_folder(target: Path, collections: Mapping[str, list[Record]]) -> None:
    """Write one JSON-lines file a collection, and the portal's own settings."""
    target.mkdir(parents=True, exist_ok=True)
    for name, records in collections.items():
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (target / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    portal = {"utc_offset": "+03:00", "base_currency": "USD", "userfields": [USERFIELD]}
    (target / "portal.json").write_text(json.dumps(portal), encoding="utf-8")


def convert_tables(source: Path, target: Path, *, costs: bool = False) -> dict[str, int]:
    """Convert the whole data set and return how many records each collection has; on demand with costs of deals."""
    collections = build_collections(source, costs=costs)
    write_folder(target, collections)
    return {name: len(records) for name, records in collections.items()}


def main(arguments: list[str]) -> int:
    """Run the conversion from a shell."""
    folders = [argument for argument in arguments if argument != "--costs"]
    if len(folders) != 2:
        sys.stderr.write("Usage: python -m tests.realdata.convert SOURCE_DIR OUT_DIR [--costs]\n")
        return 2
    source, target = map(Path, folders)
    missing = [name for name in TABLES if not (source / f"{name}.csv.gz").is_file()]
    if missing:
        sys.stderr.write(f"{source} has no {missing[0]}.csv.gz: name the folder with the source tables.\n")
        return 2
    for name, count in convert_tables(source, target, costs="--costs" in arguments).items():
        sys.stdout.write(f"{name:20} {count:>7}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
