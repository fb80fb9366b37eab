"""The next step of each line: how much more of which result, and what it pays, by scoring the changed case."""

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.scoring.case import read_case
from targets.scoring.outcome import score
from targets.scoring.steps import Step, find_percent, find_steps
from targets.scoring.tables import DEFAULT_TABLE, build_table
from tests.targets.scoring.samples import build_document, change_line

GRAINS = dict.fromkeys(("average_deal", "revenue", "deals_won"), Decimal(1)) | {"lead_conversion": Decimal("0.1")}
GATE = {"kpi": "csat", "below": "90", "multiplier": "0.8"}


def find(document: Any) -> dict[str, Step]:
    return {step.kpi: step for step in find_steps(read_case(document), grains=GRAINS)}


def test_nearest_tier_is_told_with_what_it_pays() -> None:
    """70 % of 2,000,000 are 116,000 away; the line then scores 70 × 30 %: 21 points of 50,000, 10,500."""
    step = find(build_document())["revenue"]
    assert (step.actual, step.missing, step.percent) == (Decimal(1_400_000), Decimal(116_000), 70)
    assert (step.effort, step.gain) == (Fraction("5.8"), Decimal("10500.00"))


def test_counts_are_whole_and_surely_suffice() -> None:
    step = find(build_document())["deals_won"]
    assert (step.actual, step.missing, step.percent) == (26, 7, 100)


def test_time_is_to_fall() -> None:
    step = find(build_document())["deal_cycle_time"]
    assert (step.actual, step.missing) == (14, Decimal("2.2"))


def test_beyond_the_target_the_cap_is_next() -> None:
    """Slope 1.5 above 100 reaches the cap of 150 at 133 1/3 %: 26.7 of 20, rounded up to a tenth."""
    step = find(build_document())["lead_conversion"]
    assert (step.percent, step.actual) == (Fraction(400, 3), Decimal("26.7"))


def test_nearest_comes_first() -> None:
    efforts = [step.effort for step in find_steps(read_case(build_document()), grains=GRAINS)]
    assert efforts == sorted(efforts)


def test_gate_that_opens_is_a_step() -> None:
    """CSAT of 90 opens the gate and scores 118.75: 66.0967813 points, where 65.7217813 × 0.8 was paid."""
    step = find(build_document(gates=[GATE]))["csat"]
    assert (step.actual, step.gain) == (90, Decimal("33048.39") - Decimal("26288.71"))


def test_tier_of_the_payout_is_a_step() -> None:
    tiers = [["0", "0", "0"], ["66", "100", "0"]]
    step = find(build_document(payout_tiers=tiers))["csat"]
    assert step.gain == Decimal("50000.00")
    assert step.percent < Fraction(113)


@pytest.mark.parametrize(
    "document",
    [
        build_document(maximum="1000"),
        change_line(build_document(no_data="hold"), "csat", actual=None),
        {**build_document(), "lines": []},
    ],
)
def test_nothing_is_promised_where_nothing_is_to_be_gained(document: Any) -> None:
    assert find(document) == {}


def test_line_without_data_or_target_has_no_step() -> None:
    document = change_line(change_line(build_document(), "csat", actual=None), "revenue", target=None)
    assert {"csat", "revenue"}.isdisjoint(find(document))


@pytest.mark.parametrize(
    ("wanted", "percent"),
    [("0", "0"), ("70", "70"), ("1", "70"), ("85", "85"), ("100", "100"), ("130", "120"), ("151", None)],
)
def test_least_percentage_of_a_score(wanted: str, percent: str | None) -> None:
    assert find_percent(DEFAULT_TABLE, Fraction(wanted)) == (None if percent is None else Fraction(percent))


def test_score_that_no_tier_reaches_has_no_percentage() -> None:
    assert find_percent(build_table(("0", "0", "0"), ("50", "50", "0")), Fraction(60)) is None


@given(st.decimals("0", "160", places=2))
def test_step_pays_what_it_says(reached: Decimal) -> None:
    document = change_line(build_document(), "revenue", actual=str(20_000 * reached))
    before = score(read_case(document)).payout
    for step in find_steps(read_case(document), grains=GRAINS):
        after = score(read_case(change_line(deepcopy(document), step.kpi, actual=str(step.actual)))).payout
        assert before is not None
        assert after == before + step.gain > before
