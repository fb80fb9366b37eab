"""The oracle's answers of clients and costs of marketing: rules R11 and R13, from the tables into the book."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.realdata.book import Book, read_clock, read_rows


def enter_reviews(book: Book, source: Path, *, satisfied_from: int) -> None:
    """Enter whom clients were asked about, and what the confirmed answers say."""
    agents = len(read_rows(source, "sales_teams"))
    for number, row in enumerate(read_rows(source, "olist_reviews_sample"), start=1):
        by = None if number % 7 == 6 else 101 + number % agents
        sent, answered = map(read_clock, (row["review_creation_date"], row["review_answer_timestamp"]))
        imported, confirmed = number % 13 == 5, number % 11 != 3
        if not imported and number % 17 == 4:
            continue
        has_answer = imported or number % 5 != 0
        if not imported:
            book.add(book.day_of(sent), by, "invitations_sent")
            book.add(book.day_of(sent), by, "invitations_answered", int(has_answer and confirmed))
        if has_answer:
            enter_score(
                book, book.day_of(answered), by, int(row["review_score"]) if confirmed else None, satisfied_from
            )


def enter_score(book: Book, on: date, by: int | None, score: int | None, satisfied_from: int) -> None:
    """Enter one answer; of an unconfirmed one, without a score, only that somebody shows up."""
    book.add(on, by, "trace")
    if score is not None:
        book.add(on, by, "csat_responses")
        book.add(on, by, "csat_satisfied", int(score >= satisfied_from))
        book.add(on, by, "reviews_positive", int(score >= 4))
        book.add(on, by, "reviews_negative", int(score <= 2))


def enter_spend(book: Book, source: Path) -> None:
    """Enter the costs of marketing: leads of the month and origin at a price that grows with the alphabet."""
    leads = read_rows(source, "olist_marketing_qualified_leads")
    origins = sorted({row["origin"] for row in leads})
    for (month, origin), count in Counter((row["first_contact_date"][:7], row["origin"]) for row in leads).items():
        place = origins.index(origin)
        price = (3 + place) * (Decimal("1.05") * Decimal("0.30") if place % 2 else Decimal("0.37"))
        book.add(date.fromisoformat(f"{month}-{10 + place}"), None, "spend", count * price)
