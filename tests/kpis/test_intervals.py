"""The Wilson interval: numbers worked by hand, and what holds for any share."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.intervals import lower_bound, wilson

# (2s + z² ∓ z·√(z² + 4s(n − s)/n)) / 2(n + z²) with z² = 3.8416.
WORKED = [
    (2, 2, "0.3424", "1"),
    (10, 12, "0.5520", "0.9530"),
    (0, 5, "0", "0.4345"),
    (1, 1, "0.2065", "1"),
    (5, 10, "0.2366", "0.7634"),
    (81, 100, "0.7222", "0.8749"),
]
SHARES = st.integers(1, 5000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(("successes", "total", "lower", "upper"), WORKED)
def test_interval_is_the_worked_one(successes: int, total: int, lower: str, upper: str) -> None:
    found = wilson(successes, total)
    assert found
    assert [round(bound, 4) for bound in found] == [Decimal(lower), Decimal(upper)]


def test_nothing_counted_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert lower_bound(0, 0) is None


def test_two_of_two_do_not_rank_above_ten_of_twelve() -> None:
    few, many = lower_bound(2, 2), lower_bound(10, 12)
    assert few is not None
    assert many is not None
    assert few < many


@pytest.mark.parametrize(("successes", "total"), [(-1, 2), (3, 2), (0, -1)])
def test_successes_beyond_the_total_are_refused(successes: int, total: int) -> None:
    with pytest.raises(ValueError, match=str(successes)):
        wilson(successes, total)


@given(share=SHARES)
def test_interval_holds_the_share_and_stays_between_nothing_and_all(share: tuple[int, int]) -> None:
    found = wilson(*share)
    assert found
    assert 0 <= found[0] <= Decimal(share[0]) / share[1] <= found[1] <= 1


@given(share=SHARES)
def test_interval_of_the_failures_is_the_mirror_image(share: tuple[int, int]) -> None:
    successes, total = share
    ours, theirs = wilson(successes, total), wilson(total - successes, total)
    assert ours
    assert theirs
    assert [round(bound, 20) for bound in ours] == [round(1 - bound, 20) for bound in reversed(theirs)]


@given(share=SHARES, times=st.integers(2, 50))
def test_more_of_the_same_narrows_the_interval(share: tuple[int, int], times: int) -> None:
    few, many = wilson(*share), wilson(share[0] * times, share[1] * times)
    assert few
    assert many
    assert many[1] - many[0] < few[1] - few[0]
