"""Numbers on pages: Russian and English formats, units, and no data."""

from decimal import Decimal

import pytest
from django.utils import translation

from config.numbers import format_measured
from kpis.kpi import Number
from kpis.units import Unit

CASES = [
    (Decimal("1284000.50"), Unit.MONEY, "1\xa0284\xa0001\xa0₽", "1,284,001\xa0RUB"),
    (Decimal("22.35"), Unit.PERCENT, "22,4\xa0%", "22.4\xa0%"),
    (Decimal("16.25"), Unit.DAYS, "16,3\xa0дн.", "16.3\xa0d"),
    (1083, Unit.DEALS, "1\xa0083", "1,083"),
    (0, Unit.MONEY, "0\xa0₽", "0\xa0RUB"),
    (None, Unit.PERCENT, "нет данных", "no data"),
]


@pytest.mark.parametrize(("value", "unit", "russian", "english"), CASES)
def test_number_follows_the_language(value: Number | None, unit: Unit, russian: str, english: str) -> None:
    assert format_measured(value, unit=unit, currency="RUB") == russian
    with translation.override("en"):
        assert format_measured(value, unit=unit, currency="RUB") == english
