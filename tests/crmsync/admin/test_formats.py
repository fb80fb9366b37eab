"""Figures as people read them, in both languages."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from crmsync.admin.formats import format_decimal, format_duration, format_money, format_progress, format_rate


@pytest.mark.parametrize(
    ("language", "amount", "expected"),
    [
        ("ru", Decimal("1234567.5"), "1\xa0234\xa0567,50\xa0RUB"),
        ("en", Decimal("1234567.5"), "1,234,567.50\xa0RUB"),
        ("ru", Decimal("-0.005"), "-0,01\xa0RUB"),
        ("ru", None, "—"),
    ],
)
def test_money_follows_the_language(language: str, amount: Decimal | None, expected: str) -> None:
    with translation.override(language):
        assert format_money(amount, "RUB") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("90.1234000000", "90,1234"), ("100.0000000000", "100"), ("0.0000000000", "0"), ("1200", "1\xa0200")],
)
def test_rate_loses_only_its_zeros(value: str, expected: str) -> None:
    assert format_decimal(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min 0 s"),
        (3600, "1 h 0 min"),
        (90_061, "1 d 1 h"),
        (23 * 86_400, "23 d 0 h"),
    ],
)
def test_duration_names_its_two_largest_units(seconds: float, expected: str) -> None:
    with translation.override("en"):
        assert format_duration(timedelta(seconds=seconds)).replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    ("done", "expected", "text"),
    [
        (0, None, "0"),
        (5, 0, "5"),
        (0, 10, "░░░░░░░░░░ 0 %, 0 of 10"),
        (999, 1000, "█████████░ 99 %, 999 of 1,000"),
        (1000, 1000, "██████████ 100 %, 1,000 of 1,000"),
        (1200, 1000, "██████████ 100 %, 1,200 of 1,000"),
    ],
)
def test_bar_is_full_only_at_the_end(done: int, expected: int | None, text: str) -> None:
    with translation.override("en"):
        assert format_progress(done, expected).replace("\xa0", " ") == text


def test_nothing_is_a_dash() -> None:
    assert format_rate(None) == format_duration(None) == format_decimal(None) == "—"
