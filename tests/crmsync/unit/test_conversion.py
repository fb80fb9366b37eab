"""Amounts of other currencies in base currency, by dated rates."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.conversion import LIMIT, MILLIONTH, Rates
from tests.crmsync.unit.closings import make_rates

RATES = make_rates(
    USD=[(date(2026, 3, 1), "90"), (date(2026, 3, 9), "95.4321")], KZT=[(date(2026, 3, 5), "0.1234567890")]
)
FIRST = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("currency", "day", "rate"),
    [
        *(("USD", date(2026, 3, 1), "90"), ("USD", date(2026, 3, 8), "90"), ("USD", date(2026, 3, 9), "95.4321")),
        *(("USD", date(2030, 1, 1), "95.4321"), ("USD", date(2026, 2, 28), "90"), ("USD", date(1999, 1, 1), "90")),
        *(("RUB", date(2026, 3, 1), "1"), ("", date(2026, 3, 1), "1"), ("KZT", date(2020, 1, 1), "0.1234567890")),
    ],
)
def test_newest_rate_not_later_serves_and_the_oldest_serves_before(currency: str, day: date, rate: str) -> None:
    assert RATES.find(currency, day) == Decimal(rate)


def test_unknown_currency_has_no_rate() -> None:
    assert RATES.find("EUR", date(2026, 3, 9)) is None


@pytest.mark.parametrize(
    ("amount", "currency", "value"),
    [
        ("100", "USD", "9000"),
        ("0", "USD", "0"),
        ("-1.50", "USD", "-135"),
        ("33.33", "KZT", "4.114815"),
        ("0.0001", "KZT", "0.000012"),
        ("99.99", "", "99.99"),
        ("8999999999999", "RUB", "8999999999999"),
    ],
)
def test_amount_is_valued_to_a_millionth(amount: str, currency: str, value: str) -> None:
    assert RATES.convert(Decimal(amount), currency, date(2026, 3, 5)) == Decimal(value)


def test_no_amount_has_no_value() -> None:
    assert RATES.convert(None, "USD", date(2026, 3, 5)) is None


def test_value_beyond_the_column_is_none() -> None:
    assert RATES.convert(Decimal("1e11"), "USD", date(2026, 3, 5)) is None
    assert RATES.convert(Decimal("99999999999.9999"), "USD", date(2026, 3, 5)) == Decimal("8999999999999.991")


def test_amount_without_a_rate_is_never_one_to_one() -> None:
    assert RATES.convert(Decimal(100), "EUR", date(2026, 3, 5)) is None


AMOUNTS = st.decimals(-(10**14), 10**14, places=4)
RATE = st.decimals(Decimal("0.0000000001"), 10**6, places=10)
DAYS = st.dictionaries(st.integers(0, 400), RATE, min_size=1, max_size=6)


@given(AMOUNTS, DAYS, st.integers(-50, 450))
def test_value_is_the_product_to_half_a_millionth(amount: Decimal, days: dict[int, Decimal], at: int) -> None:
    ordered = sorted(days)
    rates = Rates("RUB", {"USD": [FIRST + timedelta(day) for day in ordered]}, {"USD": [days[day] for day in ordered]})
    rate = days[max((day for day in ordered if day <= at), default=ordered[0])]
    value = rates.convert(amount, "USD", FIRST + timedelta(at))
    product = Fraction(amount) * Fraction(rate)
    if value is None:
        assert abs(product) >= Fraction(LIMIT - MILLIONTH)
    else:
        assert abs(Fraction(value) - product) <= Fraction(MILLIONTH) / 2 + Fraction(1, 10**14)
