"""Holds what the product answers against the oracle, number by number."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tests.realdata import oracle
from tests.realdata.book import Book

Row = dict[str, Any]
Key = tuple[str, str, int | None]
# A quotient travels as a JSON number, which keeps 15 digits and more.
PRECISION = Decimal("1e-14")


def list_differences(rows: Iterable[Row], book: Book, *, year: str, every: str) -> list[str]:
    """List where a year's answers and the oracle disagree: numbers, missing rows, rows too many."""
    answers = {(row["period"], row["kpi"], row["employee"]): row for row in rows}
    parts = {key: oracle.cut_book(book, start, end) for key, start, end in oracle.list_parts(year, every)}
    expected = set(list_expected_keys(book, year=year, every=every))
    found = [f"{key}: missing" for key in sorted(expected - answers.keys(), key=str)]
    found += [f"{key}: not expected" for key in sorted(answers.keys() - expected, key=str)]
    for key in sorted(expected & answers.keys(), key=str):
        right = oracle.answer(parts[key[0]], key[1], employee=key[2])
        found += [f"{key}: {text}" for text in compare_answer(answers[key], right)]
    return found


def list_expected_keys(book: Book, *, year: str, every: str) -> Iterable[Key]:
    """List the grid: every part and KPI for the team and for all who show up anywhere in the year."""
    ((_, first, last),) = oracle.list_parts(year, "year")
    people: list[int | None] = [None, *sorted(oracle.list_people(oracle.cut_book(book, first, last)))]
    for part, _, _ in oracle.list_parts(year, every):
        for kpi in oracle.KPIS:
            yield from ((part, kpi, who) for who in people)


def compare_answer(row: Row, right: oracle.Answer) -> Iterable[str]:
    """Say how one answer differs: sums and counts exactly, quotients to the last digit that JSON keeps."""
    for name in ("numerator", "denominator", "value"):
        told, known = row[name], getattr(right, name)
        told = None if told is None else Decimal(str(told))
        if (told is None) != (known is None) or (told is not None and not _agree(name, told, known)):
            yield f"{name} {told}, oracle {known}"
    if not row["complete_through"]:
        yield "complete_through is empty"


def _agree(name: str, told: Decimal, known: Decimal) -> bool:
    return abs(told - known) <= (abs(known) * PRECISION if name == "value" else 0)
