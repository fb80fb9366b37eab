"""A small data set of our own in the form of the source tables, for machines without the real one."""

from datetime import date, timedelta
from pathlib import Path

from tests.realdata.tables import Row, write_table

AGENTS = ("Ann Birch", "Ben Cole", "Cid Dale", "Dee Elm")
OUTCOMES = ("Won", "Lost", "Won", "Engaging", "Won", "Prospecting", "Won")
ACCOUNTS = ("Acorn & Co", *(f"Acorn {place}" for place in range(2, 10)))
ORIGINS = ("email", "", "unknown", "social", "email")
FIRST_DAY = date(2017, 1, 2)


def write_sample(target: Path) -> Path:
    """Write all seven tables: enough lines for every rule to meet every kind of record."""
    write_table(target, "sales_teams", [make_agent(i) for i in range(len(AGENTS))])
    write_table(target, "sales_pipeline", [make_opportunity(i) for i in range(1, 601)])
    write_table(target, "accounts", [{"account": name, "revenue": "10.5"} for name in ACCOUNTS])
    write_table(target, "products", [{"product": "GTX Pro", "sales_price": "4000"}])
    write_table(target, "olist_marketing_qualified_leads", [make_lead(i) for i in range(1, 151)])
    again = [
        make_closed(i) | {"seller_id": f"T{i}", "won_date": f"2017-1{i % 3}-07 12:00:00"} for i in range(10, 61, 9)
    ]
    write_table(target, "olist_closed_deals", [make_closed(i) for i in range(1, 151, 3)] + again)
    write_table(target, "olist_reviews_sample", [make_review(i) for i in range(1, 301)])
    return target


def make_agent(place: int) -> Row:
    """Make one line of the teams; the last agent sells nothing."""
    return {"sales_agent": AGENTS[place], "manager": f"Head {place % 2}", "regional_office": "North"}


def make_opportunity(number: int) -> Row:
    """Make one opportunity."""
    stage = OUTCOMES[number * 5 // 3 % 7]
    engaged = FIRST_DAY + timedelta(days=number * 13 % 300)
    closed = engaged + timedelta(days=1 + number * 17 % 60) if stage in ("Won", "Lost") else None
    return {
        "opportunity_id": f"N{number}",
        "sales_agent": AGENTS[number * 11 // 7 % 3],
        "product": "GTXPro" if number % 2 else "GTX Pro",
        "account": ACCOUNTS[number * 7 // 3 % 9] if number % 3 or stage in ("Won", "Lost") else "",
        "deal_stage": stage,
        "engage_date": "" if stage == "Prospecting" else engaged.isoformat(),
        "close_date": closed.isoformat() if closed else "",
        "close_value": {"Won": str(number * 37 % 5000), "Lost": "0"}.get(stage, ""),
    }


def make_lead(number: int) -> Row:
    """Make one lead."""
    day = FIRST_DAY + timedelta(days=number * 7 % 360)
    found = {"landing_page_id": f"page{number % 3}", "origin": ORIGINS[number % 5]}
    return {"mql_id": f"L{number}", "first_contact_date": day.isoformat()} | found


def make_closed(number: int) -> Row:
    """Make one won lead; every seventh was won before ten o'clock on the very day of its first contact."""
    day = date.fromisoformat(make_lead(number)["first_contact_date"])
    later = 0 if number % 7 == 0 else number % 40
    moment = "03:00:00" if later == 0 else f"{number % 24:02d}:{number * 7 % 60:02d}:00"
    return {
        "mql_id": f"L{number}",
        "seller_id": f"S{number}",
        "sdr_id": f"d{number % 4}",
        "sr_id": f"d{number % 3 + 2}" if number > 1 else "r9",
        "won_date": f"{day + timedelta(days=later)} {moment}",
        "business_segment": "pet",
        "lead_type": "",
        "declared_monthly_revenue": str(number % 5 * 1001),
    }


def make_review(number: int) -> Row:
    """Make one answer of a client."""
    day = FIRST_DAY + timedelta(days=number * 11 % 350)
    answered = f"{day + timedelta(days=number % 4)} {number * 5 % 24:02d}:30:00"
    score = str(1 + number * 3 % 5)
    return {"review_score": score, "review_creation_date": f"{day} 00:00:00", "review_answer_timestamp": answered}
