"""Money: payout tables, commission brackets, gates, adjustments and limits, worked by hand."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from targets.scoring.gates import GateState, judge_gate, multiply
from targets.scoring.payout import compute_commission, settle
from targets.scoring.scheme import Bound, Bracket, Gate
from tests.targets.scoring.samples import build_document, build_line, change_line, score_document

BRACKETS = [Bracket(Decimal(0), Decimal(1)), Bracket(Decimal(1000), Decimal(2)), Bracket(Decimal(2000), Decimal(3))]
COMMISSIONS = [
    (None, "0"),
    ("-500", "0"),
    ("0", "0"),
    ("0.01", "0.0001"),
    ("999.99", "9.9999"),
    ("1000", "10"),
    ("1000.01", "10.0002"),
    ("2000", "30"),
    ("5000", "120"),
]
# What is due, the maximum; what is paid, what is carried over.
SETTLED = [
    ("-0.01", None, "0", "-0.01"),
    ("-0.01", "0", "0", "-0.01"),
    ("0", None, "0", "0"),
    ("100", "100", "100", "0"),
    ("100.01", "100", "100", "0"),
    ("100", "0", "0", "0"),
    ("100", None, "100", "0"),
]
BETWEEN = (Decimal(70), Decimal(90))
# What differs of a gate below 80 and of a line at 80 with 25 answers; whether the gate applies: edges first.
GATES: list[tuple[dict[str, Any], dict[str, Any], GateState]] = [
    ({}, {}, GateState.PASSED),
    ({}, {"actual": Decimal("79.999")}, GateState.APPLIED),
    ({}, {"actual": None, "interval": BETWEEN}, GateState.NO_VALUE),
    ({"min_sample": 25}, {"actual": Decimal(1)}, GateState.APPLIED),
    ({"min_sample": 26}, {"actual": Decimal(1)}, GateState.SMALL_SAMPLE),
    ({"min_sample": 26}, {"actual": Decimal(1), "sample": None}, GateState.APPLIED),
    ({}, {"interval": BETWEEN}, GateState.PASSED),
    ({"bound": Bound.LOWER}, {"interval": BETWEEN}, GateState.APPLIED),
    ({"bound": Bound.LOWER}, {"interval": (Decimal(80), Decimal(90))}, GateState.PASSED),
    ({"bound": Bound.LOWER}, {"interval": None}, GateState.PASSED),
    ({"bound": Bound.LOWER}, {"interval": None, "actual": Decimal(79)}, GateState.APPLIED),
    ({}, {"target": None, "actual": Decimal(79)}, GateState.APPLIED),
]


@pytest.mark.parametrize(("value", "amount"), COMMISSIONS)
def test_each_rate_acts_on_its_own_part(value: str | None, amount: str) -> None:
    assert compute_commission(None if value is None else Decimal(value), BRACKETS) == Fraction(amount)


@pytest.mark.parametrize(("due", "maximum", "paid", "left"), SETTLED)
def test_what_is_due_is_limited_as_worked(due: str, maximum: str | None, paid: str, left: str) -> None:
    settlement = settle(Fraction(due), maximum=None if maximum is None else Decimal(maximum))
    assert (settlement.paid, settlement.carried_over) == (Fraction(paid), Fraction(left))


@pytest.mark.parametrize(("gate", "line", "state"), GATES)
def test_gate_applies_as_worked(gate: dict[str, Any], line: dict[str, Any], state: GateState) -> None:
    usual: dict[str, Any] = {"kpi": "csat", "below": Decimal(80), "multiplier": Decimal("0.8")}
    rule = Gate(**(usual | gate))
    assert judge_gate(rule, build_line("csat", **({"sample": 25} | line))).state is state


def test_gate_of_a_kpi_that_is_no_line_does_not_apply() -> None:
    rule = Gate(kpi="csat", below=Decimal(80), multiplier=Decimal(0))
    assert judge_gate(rule, None).state is GateState.NO_VALUE


def test_gates_multiply_together_exactly() -> None:
    third = Gate(kpi="csat", below=Decimal(90), multiplier=Decimal("0.333333333333333333333333333333"))
    judged = [judge_gate(third, build_line("csat"))] * 3
    assert multiply(judged) == Decimal(f"0.{(10**30 // 3) ** 3:090}")
    assert multiply([]) == 1


def test_payout_table_turns_the_total_into_a_share_of_the_base() -> None:
    table = [["0", "0", "0"], ["60", "50", "2"]]
    outcome = score_document(build_document(payout_tiers=table))
    assert outcome.score
    assert outcome.base == 50_000 * (50 + 2 * (outcome.score - 60)) / 100
    assert score_document(build_document(payout_tiers=table, payout_cap="55")).payout == Decimal(27_500)


def test_proration_acts_on_targets_and_base_unless_switched_off() -> None:
    half = build_document() | {"proration": "0.5"}
    whole = score_document(build_document(prorate_targets=False, prorate_base=False) | {"proration": "0.5"})
    assert whole.payout == Decimal("32860.89")
    assert score_document(half).lines[0].attainment.percent == Fraction("128.4")
    half["scheme"]["prorate_targets"] = False
    assert score_document(half).payout == Decimal("16430.45")


def test_debt_is_carried_over_and_paid_off_later() -> None:
    first = score_document(build_document(base="0") | {"adjustments": ["100", "-220.50"]})
    assert (first.payout, first.carried_over) == (Decimal("0.00"), Decimal("-120.50"))
    later = score_document(build_document() | {"adjustments": [str(first.carried_over)]})
    assert (later.payout, later.carried_over) == (Decimal("32740.39"), Decimal("0.00"))


def test_nothing_scored_pays_nothing_and_loses_no_adjustment() -> None:
    document = build_document(commission={"kpi": "revenue", "brackets": [["0", "1"]]}) | {"adjustments": ["300"]}
    document["lines"] = document["lines"][:1]
    outcome = score_document(change_line(document, "revenue", target=None))
    assert (outcome.score, outcome.payout, outcome.commission) == (None, 0, 0)
    assert outcome.carried_over == 300


def test_held_payout_waits_with_everything_else_computed() -> None:
    outcome = score_document(change_line(build_document(no_data="hold"), "csat", actual=None))
    assert (outcome.payout, outcome.carried_over, outcome.is_held) == (None, 0, True)
    assert round(outcome.base, 2) == Fraction("30123.21")
