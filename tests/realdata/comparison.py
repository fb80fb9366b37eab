"""Holds what the product answers against the oracle, number by number."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import product
from typing import Any

from tests.realdata import oracle
from tests.realdata.book import Book

Row = dict[str, Any]
Key = tuple[str, str, int | None]
# Nothing of the portal stands behind what clients tell us.
OWN_SOURCES = ("csat", "csat_response_rate", "positive_reviews", "negative_reviews")
# A quotient travels as a JSON number, which keeps 15 digits and more.
PRECISION = Decimal("1e-14")


def list_differences(rows: Iterable[Row], book: Book, *, year: str, every: str) -> list[str]:
    """List where a year's answers and the oracle disagree: numbers, missing rows, rows too many.

    Who has only customers of an earlier time may have rows; `list_forgotten` tells of whom there are none.
    """
    answers = {(row["period"], row["kpi"], row["employee"]): row for row in rows}
    cuts = {key: oracle.cut_book(book, start, end) for key, start, end in oracle.list_parts(year, every)}
    ((_, first, last),) = oracle.list_parts(year, "year")
    needed = set(list_keys(cuts, oracle.cut_book(book, first, last).seen))
    known = set(list_keys(cuts, {who for cut in cuts.values() for who in oracle.list_people(cut)}))
    found = [f"{key}: missing" for key in sorted(needed - answers.keys(), key=str)]
    found += [f"{key}: not expected" for key in sorted(answers.keys() - known, key=str)]
    for key in sorted(known & answers.keys(), key=str):
        right = oracle.answer(cuts[key[0]], key[1], employee=key[2])
        found += [f"{key}: {text}" for text in compare_answer(answers[key], right)]
    return found


def list_forgotten(rows: Iterable[Row], book: Book, *, year: str, every: str) -> set[tuple[str, int]]:
    """List the parts of a year and the people whose customers are counted for the team, but not for them."""
    told = {(row["period"], row["employee"]) for row in rows if row["kpi"] == "churn_rate"}
    cuts = {key: oracle.cut_book(book, start, end) for key, start, end in oracle.list_parts(year, every)}
    return {(key, who) for key, cut in cuts.items() for who in oracle.list_people(cut)} - told


def list_keys(parts: Iterable[str], people: Iterable[int]) -> Iterable[Key]:
    """List the grid: every part and KPI for the team and for these people."""
    everybody: list[int | None] = [None, *sorted(people)]
    return product(parts, oracle.KPIS, everybody)


def compare_answer(row: Row, right: oracle.Answer) -> Iterable[str]:
    """Say how one answer differs: sums and counts exactly, quotients to the last digit that JSON keeps."""
    for name in ("numerator", "denominator", "value"):
        told, known = row[name], getattr(right, name)
        told = None if told is None else Decimal(str(told))
        if (told is None) != (known is None) or (told is not None and not _agree(name, told, known)):
            yield f"{name} {told}, oracle {known}"
    if not row["complete_through"] and row["kpi"] not in OWN_SOURCES:
        yield "complete_through is empty"


def _agree(name: str, told: Decimal, known: Decimal) -> bool:
    return abs(told - known) <= (abs(known) * PRECISION if name == "value" else 0)
