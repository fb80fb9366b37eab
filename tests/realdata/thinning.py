"""A slice of the source tables: every so many opportunities, leads and reviews, with all that they name."""

from pathlib import Path

from tests.realdata.tables import read_table, write_table

WHOLE = ("sales_teams", "accounts", "products")
LEADS, CLOSED = "olist_marketing_qualified_leads", "olist_closed_deals"


def write_slice(source: Path, target: Path, *, every: int) -> Path:
    """Write the slice as tables of the same form; a lead is kept with all that was won from it."""
    for name in WHOLE:
        write_table(target, name, read_table(source, name))
    for name in ("sales_pipeline", "olist_reviews_sample"):
        write_table(target, name, read_table(source, name)[::every])
    leads, closed = read_table(source, LEADS), read_table(source, CLOSED)
    kept = {row["mql_id"] for row in (*leads[::every], *closed[:: every // 2])}
    write_table(target, LEADS, [row for row in leads if row["mql_id"] in kept])
    write_table(target, CLOSED, [row for row in closed if row["mql_id"] in kept])
    return target
