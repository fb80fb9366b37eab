"""What holds of every case: more result is never paid less, and parts make the whole."""

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from targets.scoring.case import read_case
from targets.scoring.outcome import score
from targets.scoring.rounding import round_half_up
from tests.targets.scoring.cases import TABLES, make_case

FALLING = [rows for rows in TABLES if rows and any(float(row[2]) < 0 for row in rows)]
SEEDS = st.integers(0, 10**9)


def make_rising(random: Random) -> dict[str, Any]:
    """Make a case in which no table and no gate punishes a better result."""
    case = make_case(random)
    case["scheme"]["tiers"] = random.choice([rows for rows in TABLES if rows and rows not in FALLING])
    case["scheme"]["no_data"] = random.choice(("redistribute", "zero"))
    for line in case["lines"]:
        line |= {"tiers": None, "actual": line["actual"] or "1"}
    lower = {line["kpi"] for line in case["lines"] if line["better"] == "lower"}
    case["scheme"]["gates"] = [gate for gate in case["scheme"]["gates"] if gate["kpi"] not in lower]
    if (case["scheme"]["commission"] or {}).get("kpi") in lower:
        case["scheme"]["commission"] = None
    return case


@given(seed=SEEDS, more=st.decimals("0", "1000000", places=2))
def test_a_better_result_is_never_paid_less(seed: int, more: Decimal) -> None:
    random = Random(seed)
    case = make_rising(random)
    better = deepcopy(case)
    line = random.choice(better["lines"])
    gain = Fraction(more) if line["better"] == "higher" else -Fraction(more)
    line["actual"] = f"{round_half_up(Fraction(line['actual']) + gain, places=20):f}"
    before, after = score(read_case(case)), score(read_case(better))
    assert after.due >= before.due
    assert (after.payout or 0) >= (before.payout or 0)


@given(seed=SEEDS)
def test_contributions_make_the_total(seed: int) -> None:
    outcome = score(read_case(make_case(Random(seed))))
    parts = [line.contribution for line in outcome.lines if line.contribution is not None]
    assert sum(parts) == (outcome.score or 0)
    assert bool(parts) == (outcome.score is not None)


@given(seed=SEEDS)
def test_order_of_lines_does_not_matter(seed: int) -> None:
    case = make_case(Random(seed))
    turned = case | {"lines": case["lines"][::-1]}
    one, other = score(read_case(case)), score(read_case(turned))
    assert (one.score, one.due, one.payout, one.is_held) == (other.score, other.due, other.payout, other.is_held)


@given(seed=SEEDS)
def test_what_is_paid_and_carried_over_is_within_limits(seed: int) -> None:
    case = read_case(make_case(Random(seed)))
    outcome = score(case)
    settlement = outcome.settlement
    assert settlement.paid >= 0
    assert case.scheme.maximum is None or settlement.paid <= Fraction(case.scheme.maximum)
    if outcome.score is not None and not outcome.is_held:
        assert settlement.paid + settlement.carried_over <= outcome.due
        assert settlement.carried_over == min(0, outcome.due)
