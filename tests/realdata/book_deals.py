"""The oracle's deals and leads: rules R1 to R9 and R12, from the tables into the book."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path

from tests.realdata.book import Book, Customer, Deal, read_clock, read_rows

DOLLARS_PER_REAL = Decimal("0.30")


def enter_maven(book: Book, source: Path, *, costs: bool) -> None:
    """Enter the opportunities: who shows up when, and those that were closed."""
    ids = {row["sales_agent"]: 101 + place for place, row in enumerate(read_rows(source, "sales_teams"))}
    accounts = {row["account"]: line for line, row in enumerate(read_rows(source, "accounts"), start=1)}
    for number, row in enumerate(read_rows(source, "sales_pipeline"), start=1):
        created = read_clock((row["engage_date"] or "2017-12-31") + " 10:00:00")
        agent = ids[row["sales_agent"]]
        book.add(book.day_of(created), agent, "trace")
        if row["close_date"]:
            at, on = find_outcome(number, row["close_date"], book.zone)
            amount, won = Decimal(row["close_value"]), row["deal_stage"] == "Won"
            customer = find_customer(number, accounts.get(row.get("account", "")))
            cost = find_cost(number, amount) if costs else None
            book.deals.append(Deal(number, won, at, on, agent, created, amount, customer=customer, cost=cost))


def find_outcome(number: int, day: str, zone: tzinfo) -> tuple[datetime, date]:
    """Rules R3 and R4: the moment of an outcome and its business day."""
    if number % 7 == 5:
        on = date.fromisoformat(day)
        return datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC), on
    last = number % 10
    seconds = 900 if last == 1 else 86_399 if last == 2 else 0 if last == 3 else (number * 7919) % 86_400
    at = read_clock(f"{day} 00:00:00", seconds)
    return at, at.astimezone(zone).date()


def find_customer(number: int, account: int | None) -> Customer | None:
    """Rule R9: the account, unless it is our own; otherwise the contact."""
    if account is None:
        return None
    if account % 40 != 7 and number % 19 != 3:
        return "company", account
    return ("contact", 5_000 + number // 100) if number % 19 in (3, 4) else None


def find_cost(number: int, amount: Decimal) -> Decimal | None:
    """Rule R12: what a deal cost, in its own currency."""
    kind = number % 6
    return None if kind == 0 else Decimal(0) if kind == 1 else amount * (40 + number % 50) / 100


def enter_olist(book: Book, source: Path, *, costs: bool) -> dict[int, tuple[datetime, int | None]]:
    """Enter the leads and what was won from them; returns when each lead was created, and whose it is."""
    closed = read_rows(source, "olist_closed_deals")
    people = sorted({row["sr_id"] for row in closed} | {row["sdr_id"] for row in closed})
    ids = {code: 201 + place for place, code in enumerate(people)}
    owners = {row["mql_id"]: ids[row["sdr_id"]] for row in closed}
    leads, contacted = {}, {}
    for number, row in enumerate(read_rows(source, "olist_marketing_qualified_leads"), start=1):
        contacted[row["mql_id"]] = created = read_clock(row["first_contact_date"] + " 10:00:00")
        owner = owners.get(row["mql_id"])
        leads[number] = created, owner
        book.add(book.day_of(created), owner, "leads_received")
        book.add(book.day_of(created), owner, "leads_won", int(row["mql_id"] in owners))
    for line, row in enumerate(closed, start=1):
        lead, at = contacted[row["mql_id"]], read_clock(row["won_date"])
        created = lead + timedelta(hours=6 if (10_000 + line) % 5 == 2 else 0)
        amount, seller = Decimal(row["declared_monthly_revenue"]) * DOLLARS_PER_REAL, ("company", 1_000 + line)
        cost = find_cost(10_000 + line, amount) if costs else None
        won = Deal(10_000 + line, True, at, book.day_of(at), ids[row["sr_id"]], created, amount, lead, seller, cost)
        book.deals.append(won)
        book.add(book.day_of(created), won.by, "trace")
    return leads


def enter_sales(book: Book) -> None:
    """Enter what follows from each won or lost deal; customers' purchases in the order in which they were won."""
    known: set[Customer] = set()
    for deal in sorted(book.deals, key=lambda deal: (deal.at, deal.number)):
        book.add(deal.on, deal.by, "deals_won" if deal.won else "deals_lost")
        if not deal.won:
            continue
        book.add(deal.on, deal.by, "revenue", deal.amount)
        for what, start in (("cycle", deal.created), ("lead_to_won", deal.lead_created)):
            if start and deal.at >= start:
                book.add(deal.on, deal.by, f"{what}_deals")
                book.add(deal.on, deal.by, f"{what}_seconds", int((deal.at - start).total_seconds()))
        if deal.cost is not None:
            book.add(deal.on, deal.by, "cost", deal.cost)
            book.add(deal.on, deal.by, "revenue_with_cost", deal.amount)
        if deal.customer:
            book.add(deal.on, deal.by, "repeat_sales" if deal.customer in known else "new_customers")
            known.add(deal.customer)
