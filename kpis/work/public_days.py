"""Public holidays of a country, and weekend days on which it works instead: what the library of holidays knows.

Pure. It knows days of the whole country, and moves of days off as far as the decrees it was made with; it knows
neither regions nor shortened days.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

# The library's names of the languages of the interface.
LANGUAGES = {"en": "en_US", "ru": "ru"}


@dataclass(frozen=True, slots=True)
class PublicDays:
    """Days off with their names, and weekend days that are working days by decree."""

    off: dict[date, str]
    moved: frozenset[date]


@cache
def list_countries() -> frozenset[str]:
    """List the two-letter codes of countries whose holidays are known."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


def find_public_days(country: str, *, first: date, last: date, language: str = "en") -> PublicDays:
    """Find the public days from `first` to `last`, both included.

    A language that the library does not have for a country becomes one that it has.
    Empty: no country has no public days. Raises: ValueError for a country that is not known.
    """
    if not country:
        return PublicDays({}, frozenset())
    if country not in list_countries():
        raise ValueError(f"no holidays are known for the country {country!r}")
    years = range(first.year, last.year + 1)
    found = holidays.country_holidays(country, years=years, language=LANGUAGES.get(language))
    off = {day: name for day, name in sorted(found.items()) if first <= day <= last}
    return PublicDays(off, frozenset(day for day in found.weekend_workdays if first <= day <= last))
