"""What the past suggests: numbers worked by hand."""

from decimal import Decimal

import pytest

from kpis.catalog import BY_KEY
from targets.suggestions import count_met, suggest

REVENUE, DEALS, RESPONSE = BY_KEY["revenue"], BY_KEY["deals_won"], BY_KEY["response_time"]


@pytest.mark.parametrize(
    ("values", "median", "growth", "value", "grown"),
    [
        # The older half of the last six is 10, 12, 11, the newer 14, 13, 15: 11 and 14; the median 12.5.
        ([99, 10, 12, 11, 14, 13, 15], "12.5", "27.27", 13, 16),
        ([4, 4, 4, 4], "4", "0", 4, 4),
        # Below four values there is no growth; without a value there is nothing.
        ([None, 5, None, 7, 6], "6", None, 6, None),
        ([None, None], None, None, None, None),
        ([0, 0, 0, 0], "0", None, None, None),
        ([], None, None, None, None),
    ],
)
def test_suggestion_is_the_median_and_its_growth(
    values: list[int | None], median: str | None, growth: str | None, value: int | None, grown: int | None
) -> None:
    told = suggest(DEALS, values)
    assert told.median == (None if median is None else Decimal(median))
    assert (None if told.growth is None else round(told.growth, 2)) == (None if growth is None else Decimal(growth))
    assert (told.value, told.grown) == (value, grown)


@pytest.mark.parametrize(("amount", "proposed"), [("1840317.42", "1840000"), ("99950", "100000"), ("12.4", "12")])
def test_amount_is_proposed_in_three_digits(amount: str, proposed: str) -> None:
    assert suggest(REVENUE, [Decimal(amount)]).value == Decimal(proposed)


def test_target_is_met_from_the_side_that_is_better() -> None:
    assert count_met(DEALS, [5, None, 6, 7], Decimal(6)) == (2, 3)
    assert count_met(RESPONSE, [5, None, 6, 7], Decimal(6)) == (2, 3)
    assert count_met(RESPONSE, [5, 6, 7], Decimal(5)) == (1, 3)
