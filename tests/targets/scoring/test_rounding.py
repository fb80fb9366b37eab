"""Rounding: halves, currencies, and shown lines that add up to the payout."""

from decimal import Decimal, localcontext
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.scoring.amounts import Kind, list_amounts
from targets.scoring.rounding import count_places, round_half_up, round_money
from tests.targets.scoring.cases import make_case
from tests.targets.scoring.samples import build_document, score_document

MONEY = [
    ("0", "RUB", "0.00"),
    ("-0.004", "RUB", "0.00"),
    ("0.005", "RUB", "0.01"),
    ("-0.005", "RUB", "-0.01"),
    ("0.004999999999999999999999999999999999", "RUB", "0.00"),
    ("1/3", "USD", "0.33"),
    ("0.5", "JPY", "1"),
    ("-0.4", "JPY", "0"),
    ("1.0005", "KWD", "1.001"),
    ("1e30", "XYZ", "1000000000000000000000000000000.00"),
]


@pytest.mark.parametrize(("value", "currency", "shown"), MONEY)
def test_money_is_rounded_to_its_smallest_unit(value: str, currency: str, shown: str) -> None:
    with localcontext(prec=3):
        assert f"{round_money(Fraction(value), currency=currency):f}" == shown


@pytest.mark.parametrize(("currency", "places"), [("RUB", 2), ("JPY", 0), ("KWD", 3), ("ABC", 2)])
def test_currency_has_its_digits(currency: str, places: int) -> None:
    assert count_places(currency) == places


@given(value=st.fractions(-(10**9), 10**9), places=st.integers(0, 6))
def test_rounded_value_is_nearest(value: Fraction, places: int) -> None:
    rounded = Fraction(round_half_up(value, places=places))
    assert abs(rounded - value) <= Fraction(1, 2 * 10**places)
    assert round_half_up(-value, places=places) == -round_half_up(value, places=places)


def test_a_kopeck_between_lines_and_payout_is_a_line_of_its_own() -> None:
    document = build_document(base="1000.005") | {"adjustments": ["0.004"]}
    document["lines"] = [document["lines"][0] | {"actual": "1600000"}]
    outcome = score_document(document)
    assert (outcome.due, outcome.payout) == (Fraction("800.008"), Decimal("800.01"))
    shown = [(part.kind.value, str(part.amount)) for part in list_amounts(outcome)]
    assert shown == [("base", "800.00"), ("commission", "0.00"), ("adjustment", "0.00"), ("rounding", "0.01")]


def test_gates_and_limits_are_lines_of_their_own() -> None:
    gate = {"kpi": "csat", "below": "90", "multiplier": "0.8"}
    document = build_document(gates=[gate], maximum="20000") | {"adjustments": ["-120"]}
    shown = [(part.kind.value, str(part.amount)) for part in list_amounts(score_document(document))]
    assert shown == [
        ("base", "32860.89"),
        ("commission", "0.00"),
        ("gates", "-6572.18"),
        ("adjustment", "-120.00"),
        ("above_maximum", "-6168.71"),
    ]


@given(seed=st.integers(0, 10**6))
def test_shown_lines_add_up_to_the_payout(seed: int) -> None:
    outcome = score_document(make_case(Random(seed)))
    shown = list_amounts(outcome)
    if outcome.payout is None:
        assert not {part.kind for part in shown} & {Kind.ROUNDING, Kind.CARRIED_OVER, Kind.ABOVE_MAXIMUM}
        return
    assert sum(Fraction(part.amount) for part in shown) == Fraction(outcome.payout)
    unit = Fraction(1, 10 ** count_places(outcome.currency))
    left = sum(abs(Fraction(part.amount)) for part in shown if part.kind is Kind.ROUNDING)
    assert left <= unit * (len(shown) + 1) / 2
    assert [part.amount for part in shown if part.kind is Kind.ADJUSTMENT] == [
        round_money(Fraction(each), currency=outcome.currency) for each in outcome.adjustments
    ]


def test_amounts_are_decimals_with_the_digits_of_the_currency() -> None:
    assert [part.amount.as_tuple().exponent for part in list_amounts(score_document(build_document()))] == [-2, -2]
    assert isinstance(score_document(build_document()).payout, Decimal)
