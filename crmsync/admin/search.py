"""Search terms: what can be an ID, which spellings SQLite needs, conditions joined by "or"."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

MOST_DIGITS = 18


def is_number(term: str) -> bool:
    """Tell whether a search term can be an ID."""
    return term.isdecimal() and len(term) <= MOST_DIGITS


def spell(term: str) -> set[str]:
    """List spellings of a term: SQLite compares Cyrillic letters by case."""
    return {term, term.lower(), term.upper(), term.capitalize(), term.title()}


def any_of(lookups: Mapping[str, Any]) -> Q:
    """Join lookups by "or"; no lookup matches nothing."""
    condition = Q(pk__in=[])
    for name, value in lookups.items():
        condition |= Q(**{name: value})
    return condition
