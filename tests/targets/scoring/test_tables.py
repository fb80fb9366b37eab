"""Tables of tiers: scores worked by hand at and around the edges, jumps, and tables that are refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.scoring.errors import ScoringError
from targets.scoring.tables import DEFAULT_TABLE, Table, Tier, build_table

STEPS = build_table(("0", "0", "0"), ("80", "60", "0"), ("100", "100", "0"), cap="100")
FALLING = build_table(("0", "50", "-1"), ("20", "40", "0"), cap="45")
# Table, percentage, score: edges first.
SCORES = [
    (DEFAULT_TABLE, "0", "0"),
    (DEFAULT_TABLE, "69.999999", "0"),
    (DEFAULT_TABLE, "70", "70"),
    (DEFAULT_TABLE, "70.000001", "70.000001"),
    (DEFAULT_TABLE, "100", "100"),
    (DEFAULT_TABLE, "110", "115"),
    (DEFAULT_TABLE, "400/3", "150"),
    (DEFAULT_TABLE, "1000", "150"),
    (STEPS, "79.99", "0"),
    (STEPS, "80", "60"),
    (STEPS, "99.99", "60"),
    (STEPS, "250", "100"),
    (FALLING, "0", "45"),
    (FALLING, "10", "40"),
    (FALLING, "20", "40"),
    (FALLING, "-10", "45"),
    (build_table(("0", "0", "1")), "1000", "1000"),
]
REFUSED = [
    ((), None, "at least one row"),
    (("1",), None, "begin at 0, not at 1"),
    (("0", "70", "70"), None, "from 70 follows the one from 70"),
    (("0", "70", "50"), None, "from 50 follows the one from 70"),
    (("0",), "-1", "cap must be 0 or more, not -1"),
]
NUMBERS = st.decimals(0, 200, places=3)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("starts", "cap", "problem"), REFUSED)
def test_table_that_cannot_be_is_refused(starts: tuple[str, ...], cap: str | None, problem: str) -> None:
    with pytest.raises(ScoringError, match=problem):
        build_table(*((start, "0", "0") for start in starts), cap=cap)


@pytest.mark.parametrize(("table", "percent", "score"), SCORES)
def test_percentage_is_scored_as_worked(table: Table, percent: str, score: str) -> None:
    assert table.find_score(Fraction(percent)) == Fraction(score)


def test_jumps_are_found_where_a_tier_begins_elsewhere() -> None:
    assert [(jump.at_percent, jump.points) for jump in DEFAULT_TABLE.find_jumps()] == [(70, 70)]
    assert [(jump.at_percent, jump.points) for jump in STEPS.find_jumps()] == [(80, 60), (100, 40)]
    assert [(jump.at_percent, jump.points) for jump in FALLING.find_jumps()] == [(20, 10)]


def test_jump_above_the_cap_is_none() -> None:
    assert list(build_table(("0", "0", "2"), ("60", "200", "0"), cap="100").find_jumps()) == []


@given(starts=st.sets(NUMBERS, max_size=4), gains=st.lists(NUMBERS, min_size=10, max_size=10), cap=NUMBERS)
def test_rising_tiers_never_score_more_result_lower(starts: set[Decimal], gains: list[Decimal], cap: Decimal) -> None:
    tiers: list[Tier] = []
    reached = Decimal(0)
    for place, start in enumerate(sorted(starts | {Decimal(0)})):
        reached += gains[place] + (tiers[-1].slope * (start - tiers[-1].from_percent) if tiers else 0)
        tiers.append(Tier(start, reached, gains[place + 5]))
    table = Table(tuple(tiers), cap)
    scores = [table.find_score(Fraction(percent, 2)) for percent in range(420)]
    assert table.is_monotone
    assert scores == sorted(scores)


@given(percent=st.fractions(0, 300))
def test_a_falling_table_says_so(percent: Fraction) -> None:
    assert not FALLING.is_monotone
    assert FALLING.find_score(percent) <= 45
