"""The linter of plans: cliffs with their points and money, and rules that will not do what they are there for."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from targets.scoring.case import read_case
from targets.scoring.findings import Code, Finding
from targets.scoring.lines import Better
from targets.scoring.scheme import Bracket, Commission, Gate
from targets.scoring.tables import build_table
from targets.scoring.warnings import find_warnings
from tests.targets.scoring.samples import WORKED, build_document, build_line, build_scheme

SMOOTH = build_table(("0", "0", "1"), cap="150")
FALLING = build_table(("0", "0", "1"), ("60", "50", "0"), ("80", "50", "-0.5"), cap="150")
COMMISSION = Commission("revenue", (Bracket(Decimal(0), Decimal(1)),))
# What differs of a gate of revenue below 80, what is found.
GATES: list[tuple[dict[str, Any], Code]] = [
    ({"kpi": "csat"}, Code.GATE_WITHOUT_LINE),
    ({"below": Decimal(0)}, Code.GATE_NEVER),
    ({"multiplier": Decimal(1)}, Code.GATE_WITHOUT_EFFECT),
]


def find(*lines: Any, **rules: Any) -> list[Finding]:
    return list(find_warnings(build_scheme(**({"table": SMOOTH} | rules)), lines or (build_line(),)))


def find_codes(*lines: Any, **rules: Any) -> list[Code]:
    return [found.code for found in find(*lines, **rules)]


def build_gate(**fields: Any) -> Gate:
    usual: dict[str, Any] = {"kpi": "revenue", "below": Decimal(80), "multiplier": Decimal("0.8")}
    return Gate(**(usual | fields))


def test_sound_plan_has_no_warning() -> None:
    assert find(gates=(build_gate(),), commission=COMMISSION, maximum=Decimal(50_000)) == []


def test_cliff_is_told_with_its_points_and_money() -> None:
    case = read_case(build_document())
    found = find_warnings(case.scheme, case.lines)
    assert [finding.kpi for finding in found] == [row[0] for row in WORKED]
    cliff = Finding(code=Code.CLIFF, kpi="revenue", at=Fraction(70), points=Fraction(21), money=Fraction(10_500))
    assert found[0] == cliff


def test_money_of_a_cliff_is_unknown_under_a_payout_table() -> None:
    [cliff] = find(build_line(table=build_table(("0", "0", "0"), ("70", "70", "1"), cap="150")), payout_table=SMOOTH)
    assert (cliff.code, cliff.points, cliff.money) == (Code.CLIFF, 70, None)


def test_table_that_punishes_results_is_told() -> None:
    jump, slope = find(table=FALLING)
    assert (jump.code, jump.at, jump.points, jump.money) == (Code.FALL, 60, -10, -5000)
    assert (slope.code, slope.at, slope.value) == (Code.FALL, 80, Fraction(-1, 2))


def test_weights_that_make_no_hundred_are_told() -> None:
    lines = build_line("revenue", weight=Decimal(60)), build_line("csat", weight=Decimal("39.5"))
    assert find(*lines) == [Finding(code=Code.WEIGHTS, value=Fraction("99.5"))]


def test_lines_that_cannot_count_are_told() -> None:
    lines = build_line(), build_line("deals", weight=Decimal(0)), build_line("csat", target=None, weight=Decimal(0))
    assert [(found.code, found.kpi) for found in find(*lines)] == [(Code.NO_WEIGHT, "deals"), (Code.NO_TARGET, "csat")]


@pytest.mark.parametrize(("cap", "codes"), [("99.9", [Code.CAP_BELOW_FULL]), ("100", [])])
def test_cap_that_full_attainment_cannot_reach_is_told(cap: str, codes: list[Code]) -> None:
    assert find_codes(table=build_table(("0", "0", "1"), cap=cap)) == codes


def test_maximum_below_full_pay_is_told() -> None:
    [found] = find(maximum=Decimal(49_999))
    assert (found.code, found.money, found.value) == (Code.MAXIMUM_BELOW_FULL, 50_000, 49_999)


def test_jumps_of_the_payout_table_are_told() -> None:
    [cliff] = find(payout_table=build_table(("0", "0", "0"), ("60", "50", "1.25")))
    assert (cliff.code, cliff.at, cliff.points, cliff.money) == (Code.PAYOUT_CLIFF, 60, 50, 25_000)
    assert find_codes(payout_table=FALLING) == [Code.PAYOUT_FALL, Code.PAYOUT_FALL]


@pytest.mark.parametrize(("fields", "code"), GATES)
def test_gate_that_never_cuts_is_told(fields: dict[str, Any], code: Code) -> None:
    [found] = find(gates=(build_gate(**fields),))
    assert (found.code, found.kpi) == (code, fields.get("kpi", "revenue"))


def test_gate_that_punishes_good_results_is_told() -> None:
    assert find_codes(build_line(better=Better.LOWER), gates=(build_gate(),)) == [Code.GATE_AGAINST_BETTER]


def test_commission_on_what_is_no_line_is_told() -> None:
    assert find_codes(build_line("csat"), commission=COMMISSION) == [Code.COMMISSION_WITHOUT_LINE]
