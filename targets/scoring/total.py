"""From lines to the total score: each line's score, and what it brings to the whole. Pure; sections 2 and 3."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from targets.scoring.attainment import Attainment, State, judge_line
from targets.scoring.lines import Line
from targets.scoring.scheme import NoData, Scheme
from targets.scoring.tables import Table

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """How one line came out. Empty: no score where it does not count, no contribution where there is no total.

    Units: points; contributions add up to the total.
    """

    kpi: str
    attainment: Attainment
    score: Fraction | None
    contribution: Fraction | None

    @property
    def state(self) -> State:
        """Whether the line has an attainment, or what it lacks."""
        return self.attainment.state


@dataclass(frozen=True, slots=True)
class Total:
    """The lines and their weighted mean. Empty: no score where no line counts."""

    lines: tuple[LineOutcome, ...]
    score: Fraction | None
    is_held: bool


def score_lines(lines: Sequence[Line], scheme: Scheme, *, share: Fraction) -> Total:
    """Score every line and weigh them; `share` is that of the period worked, for cumulative targets."""
    attainments = [judge_line(line, share=share) for line in lines]
    scores = [
        score_attainment(attainment, line.table or scheme.table, no_data=scheme.no_data)
        for line, attainment in zip(lines, attainments, strict=True)
    ]
    contributions = weigh(scores, [Fraction(line.weight) for line in lines])
    counted = [contribution for contribution in contributions if contribution is not None]
    outcomes = map(LineOutcome, [line.kpi for line in lines], attainments, scores, contributions)
    is_held = scheme.no_data == NoData.HOLD and any(found.state == State.NO_DATA for found in attainments)
    return Total(tuple(outcomes), sum(counted, NOTHING) if counted else None, is_held)


def score_attainment(attainment: Attainment, table: Table, *, no_data: NoData) -> Fraction | None:
    """Score an attainment. Empty: None for a line that does not count."""
    if attainment.percent is not None:
        return table.find_score(attainment.percent)
    if attainment.is_unbounded and table.cap is not None:
        return Fraction(table.cap)
    return NOTHING if attainment.state == State.NO_DATA and no_data == NoData.ZERO else None


def weigh(scores: Sequence[Fraction | None], weights: Sequence[Fraction]) -> list[Fraction | None]:
    """Give each score its part of the weighted mean of those that count.

    Empty: None for a line that does not count, and for all when those that do have no weight.
    """
    whole = sum((weight for score, weight in zip(scores, weights, strict=True) if score is not None), NOTHING)
    return [
        score * weight / whole if score is not None and whole else None
        for score, weight in zip(scores, weights, strict=True)
    ]
