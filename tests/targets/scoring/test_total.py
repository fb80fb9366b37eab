"""The total: weights, lines that lack something under each rule, own tables, and sums that must be exact."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.scoring.lines import Line
from targets.scoring.scheme import NoData
from targets.scoring.tables import build_table
from targets.scoring.total import Total, score_lines, weigh
from tests.targets.scoring.samples import build_line, build_scheme

FULL, HALF, EMPTY = {"actual": Decimal(100)}, {"actual": Decimal(80)}, {"actual": None}
UNAIMED = {"target": None}
SCORES = st.lists(st.tuples(st.none() | st.fractions(0, 200), st.fractions(0, 50)), max_size=8)


def total(*lines: dict[str, Any], weights: tuple[int, ...] = (30, 70), no_data: str = "redistribute") -> Total:
    built: list[Line] = [
        build_line(f"kpi{place}", weight=Decimal(weight), **fields)
        for place, (fields, weight) in enumerate(zip(lines, weights, strict=False))
    ]
    return score_lines(built, build_scheme(no_data=NoData(no_data)), share=Fraction(1))


# Two lines, weights, rule; total, whether it is held, the contributions: edges first.
TOTALS: list[tuple[Any, ...]] = [
    ((EMPTY, EMPTY), (30, 70), "redistribute", None, False, [None, None]),
    ((EMPTY, EMPTY), (30, 70), "zero", 0, False, [0, 0]),
    ((EMPTY, EMPTY), (30, 70), "hold", None, True, [None, None]),
    ((UNAIMED, UNAIMED), (30, 70), "hold", None, False, [None, None]),
    ((UNAIMED, FULL), (30, 70), "zero", 100, False, [None, 100]),
    ((EMPTY, FULL), (30, 70), "redistribute", 100, False, [None, 100]),
    ((EMPTY, FULL), (30, 70), "zero", 70, False, [0, 70]),
    ((EMPTY, FULL), (30, 70), "hold", 100, True, [None, 100]),
    ((HALF, FULL), (0, 0), "redistribute", None, False, [None, None]),
    ((HALF, FULL), (0, 70), "redistribute", 100, False, [0, 100]),
    ((HALF, FULL), (30, 70), "redistribute", 94, False, [24, 70]),
    ((HALF, FULL), (3, 7), "redistribute", 94, False, [24, 70]),
    ((HALF, FULL), (60, 140), "redistribute", 94, False, [24, 70]),
]


@pytest.mark.parametrize(("lines", "weights", "no_data", "score", "is_held", "contributions"), TOTALS)
def test_total_is_as_worked(
    lines: Any, weights: Any, no_data: str, score: int | None, is_held: bool, contributions: list[int | None]
) -> None:
    found = total(*lines, weights=weights, no_data=no_data)
    assert (found.score, found.is_held) == (score, is_held)
    assert [line.contribution for line in found.lines] == contributions


def test_no_lines_have_no_total() -> None:
    assert total() == Total((), None, False)


def test_line_with_a_table_of_its_own_is_scored_by_it() -> None:
    own = build_table(("0", "0", "1"), cap="75")
    assert total({"table": own}, HALF).score == Fraction("0.3") * 75 + Fraction("0.7") * 80


def test_unbounded_line_takes_the_cap_of_its_table() -> None:
    nothing = {"better": "lower", "actual": Decimal(0)}
    assert total(nothing, weights=(100,)).score == 150
    assert total(nothing | {"table": build_table(("0", "20", "0"), cap="120")}, weights=(100,)).score == 120


@given(rows=SCORES)
def test_contributions_are_a_weighted_mean(rows: list[tuple[Fraction | None, Fraction]]) -> None:
    scores, weights = [row[0] for row in rows], [row[1] for row in rows]
    counted = [(score, weight) for score, weight in rows if score is not None]
    whole = sum((weight for _score, weight in counted), Fraction(0))
    parts = [part for part in weigh(scores, weights) if part is not None]
    if not whole:
        assert parts == []
        return
    assert len(parts) == len(counted)
    assert sum(parts) * whole == sum(score * weight for score, weight in counted)
    assert min(score for score, _ in counted) <= sum(parts) <= max(score for score, _ in counted)


@given(rows=SCORES, same=st.fractions(0, 200))
def test_weights_add_up_to_the_whole(rows: list[tuple[Fraction | None, Fraction]], same: Fraction) -> None:
    scores = [None if score is None else same for score, _weight in rows]
    parts = [part for part in weigh(scores, [weight for _score, weight in rows]) if part is not None]
    assert sum(parts) in ({same} if parts else {0})
