"""Shares of a total: whole steps that sum exactly, to the largest remainder first."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.distribution import share_out
from targets.errors import PlanError


@pytest.mark.parametrize(
    ("total", "weights", "step", "parts"),
    [
        ("100", [1, 1, 1], "1", ["34", "33", "33"]),
        ("10", [6, 3, 1], "1", ["6", "3", "1"]),
        # 3.5, 3.5 and 3: the first of equal remainders is served first.
        ("10", [35, 35, 30], "1", ["4", "3", "3"]),
        ("12000000", [1290, 1780, 1655], "1", ["3276190", "4520635", "4203175"]),
        ("5", [1, 0, 1], "1", ["3", "0", "2"]),
        ("1", [1, 1, 1], "1", ["1", "0", "0"]),
        ("10.05", [1, 1], "1", ["5.03", "5.02"]),
        ("10", [1, 1, 1], "0.1", ["3.4", "3.3", "3.3"]),
    ],
)
def test_parts_are_those_of_the_largest_remainder(total: str, weights: list[int], step: str, parts: list[str]) -> None:
    assert share_out(Decimal(total), weights, step=Decimal(step)) == [Decimal(part) for part in parts]


@given(
    st.decimals(min_value="0.01", max_value="999999999", places=2),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any),
)
def test_parts_sum_to_the_total_whatever_it_is(total: Decimal, weights: list[int]) -> None:
    parts = share_out(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2], []])
def test_nothing_to_share_by_is_refused(weights: list[int]) -> None:
    with pytest.raises(PlanError):
        share_out(Decimal(10), weights)
