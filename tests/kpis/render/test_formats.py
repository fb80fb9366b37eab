"""Numbers as people read them, in both languages."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from kpis.catalog import BY_KEY
from kpis.periods import parse_period
from kpis.render.formats import format_completeness, format_heading, format_period, format_value
from kpis.units import Unit

VALUES = [
    (Decimal("1234567.805"), Unit.MONEY, "1\xa0234\xa0567,81", "1,234,567.81"),
    (Decimal("-0.004"), Unit.MONEY, "0,00", "0.00"),
    (Decimal(31) * 100 / 110, Unit.PERCENT, "28,2", "28.2"),
    (Decimal("99.95"), Unit.PERCENT, "100,0", "100.0"),
    (Decimal(23), Unit.DAYS, "23,0", "23.0"),
    (12345, Unit.DEALS, "12\xa0345", "12,345"),
    (0, Unit.LETTERS, "0", "0"),
]


@pytest.mark.parametrize(("value", "unit", "russian", "english"), VALUES)
def test_value_is_rounded_and_localised(value: Decimal, unit: Unit, russian: str, english: str) -> None:
    assert format_value(value, unit) == russian
    with translation.override("en"):
        assert format_value(value, unit) == english


def test_undefined_is_no_data() -> None:
    with translation.override("en"):
        assert format_value(None, Unit.PERCENT) == "no data"


def test_heading_names_the_unit_unless_it_counts() -> None:
    with translation.override("en"):
        headings = [format_heading(BY_KEY[key], currency="EUR") for key in ("revenue", "lead_conversion", "deals_won")]
    assert headings == ["Value of deals, EUR", "Lead conversion, %", "Number of deals"]


def test_period_shows_its_first_and_last_day() -> None:
    with translation.override("en"):
        assert format_period(parse_period("2026-W41")) == "2026-W41 (Oct. 5, 2026 – Oct. 11, 2026)"
        assert format_period(parse_period("2026-10-05")) == "2026-10-05 (Oct. 5, 2026)"


def test_completeness_is_told_in_the_portals_zone() -> None:
    at = datetime(2026, 1, 31, 21, 30, tzinfo=UTC)
    assert "01.02.2026 00:30" in format_completeness(at, ZoneInfo("Europe/Moscow"))
