"""Attainment: worked ratios, and the states in which there is none."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from targets.scoring.attainment import NO_DATA, NO_TARGET, UNBOUNDED, Attainment, State, judge_line
from targets.scoring.errors import ScoringError
from targets.scoring.lines import Better
from targets.scoring.proration import share_period
from tests.targets.scoring.samples import build_line

LOWER = {"better": Better.LOWER}
FEW, ENOUGH = {"sample": 4, "min_sample": 5}, {"sample": 5, "min_sample": 5}


def reached(percent: int | str) -> Attainment:
    return Attainment(State.SCORED, Fraction(percent))


# What is different from 80 of 100, what it comes to: edges first.
JUDGED: list[tuple[dict[str, Any], Attainment]] = [
    ({"actual": 0}, reached(0)),
    ({"actual": -5}, reached(0)),
    ({"actual": 0, **LOWER}, UNBOUNDED),
    ({"actual": -5, **LOWER}, UNBOUNDED),
    ({"actual": None}, NO_DATA),
    ({"actual": None, **LOWER}, NO_DATA),
    ({"target": None}, NO_TARGET),
    ({"target": None, "actual": None}, NO_TARGET),
    (FEW, NO_DATA),
    (ENOUGH, reached(80)),
    ({"sample": None, "min_sample": 5}, reached(80)),
    ({"sample": 0}, reached(80)),
    ({}, reached(80)),
    (LOWER, reached(125)),
    ({"actual": 41, "target": 30, **LOWER}, reached("3000/41")),
]
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"target": Decimal(0)}, "target must be greater than 0, not 0"),
    ({"target": Decimal(-1), "actual": None}, "target must be greater than 0, not -1"),
    ({"weight": Decimal("-0.1")}, "weight must be 0 or more, not -0.1"),
    ({"sample": -1}, "sample must be 0 or more"),
    ({"min_sample": -1}, "min_sample must be 0 or more"),
    ({"interval": (Decimal(2), Decimal(1))}, "from the lower number to the higher"),
]


@pytest.mark.parametrize(("fields", "attainment"), JUDGED)
def test_line_is_judged_as_worked(fields: dict[str, Any], attainment: Attainment) -> None:
    numbers = {
        key: Decimal(value) for key, value in fields.items() if key in ("actual", "target") and value is not None
    }
    assert judge_line(build_line(**(fields | numbers)), share=Fraction(1)) == attainment


@pytest.mark.parametrize(("is_cumulative", "percent"), [(True, "160"), (False, "80")])
def test_only_a_cumulative_target_is_prorated(is_cumulative: bool, percent: str) -> None:
    line = build_line(is_cumulative=is_cumulative)
    assert judge_line(line, share=Fraction(1, 2)) == reached(percent)


def test_who_did_not_work_has_no_cumulative_target() -> None:
    assert judge_line(build_line(), share=Fraction(0)) == NO_TARGET
    assert judge_line(build_line(is_cumulative=False), share=Fraction(0)) == reached(80)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("fields", "problem"), REFUSED)
def test_line_that_cannot_be_is_refused(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ScoringError, match=problem):
        build_line(**fields)


def test_share_of_a_period_is_exact() -> None:
    assert share_period(worked_days=15, working_days=22) == Fraction(15, 22)
    assert share_period(worked_days=0, working_days=22) == 0
    assert share_period(worked_days=0, working_days=0) == 1


@pytest.mark.parametrize(("worked", "working"), [(23, 22), (-1, 22), (1, 0)])
def test_days_that_cannot_be_are_refused(worked: int, working: int) -> None:
    with pytest.raises(ScoringError):
        share_period(worked_days=worked, working_days=working)
