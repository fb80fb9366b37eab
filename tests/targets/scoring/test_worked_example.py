"""The worked example, to every digit that the page gives, with its variants."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from targets.scoring.outcome import Outcome
from targets.scoring.rounding import round_half_up
from tests.targets.scoring.samples import COMMISSION, WORKED, build_document, change_line, score_document

GATE = {"kpi": "csat", "below": "90", "multiplier": "0.8"}


def show(value: Fraction | None, places: int = 4) -> str:
    return "" if value is None else str(round_half_up(value, places=places))


@pytest.mark.parametrize(("place", "row"), list(enumerate(WORKED)), ids=[row[0] for row in WORKED])
def test_line_is_scored_as_worked(place: int, row: tuple[Any, ...]) -> None:
    line = score_document(build_document()).lines[place]
    assert (line.kpi, line.state) == (row[0], "scored")
    assert (show(line.attainment.percent), show(line.score), show(line.contribution)) == row[-3:]


def check_total(outcome: Outcome, score: str, payout: str) -> None:
    assert (show(outcome.score, 7), outcome.payout) == (score, Decimal(payout))


def test_total_and_payout_are_as_worked() -> None:
    check_total(score_document(build_document()), "65.7217813", "32860.89")


def test_line_without_data_leaves_its_weight_to_the_others() -> None:
    outcome = score_document(change_line(build_document(), "csat", actual=None))
    check_total(outcome, "60.2464236", "30123.21")
    assert outcome.lines[-1].contribution is None


def test_gate_cuts_the_payout() -> None:
    check_total(score_document(build_document(gates=[GATE])), "65.7217813", "26288.71")


def test_commission_is_added_bracket_by_bracket() -> None:
    outcome = score_document(build_document(commission=COMMISSION))
    assert outcome.commission == 15_680
    check_total(outcome, "65.7217813", "48540.89")


@pytest.mark.parametrize(("gates_on", "payout"), [("all", "38832.71"), ("base", "41968.71")])
def test_gate_acts_on_commission_unless_the_scheme_says_base(gates_on: str, payout: str) -> None:
    outcome = score_document(build_document(commission=COMMISSION, gates=[GATE], gates_on=gates_on))
    assert outcome.payout == Decimal(payout)


def test_revenue_at_the_cliff_adds_21_points() -> None:
    outcome = score_document(change_line(build_document(), "revenue", actual="1400000"))
    assert outcome.lines[0].contribution == 21
    check_total(outcome, "86.7217813", "43360.89")
