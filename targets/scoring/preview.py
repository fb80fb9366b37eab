"""What a scheme pays when every KPI attains the same: a few worked numbers for whoever writes its rules. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from targets.scoring.lines import Better, Case, Line
from targets.scoring.outcome import score
from targets.scoring.scheme import Scheme

LEVELS = tuple(range(60, 131, 10))
HUNDRED = Decimal(100)
# No KPI has this name, so neither a gate nor the commission can act on it.
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Sample:
    """The score and the payout at one attainment. Units: percent, points, money rounded."""

    percent: int
    score: Fraction
    payout: Decimal


def preview(scheme: Scheme, *, levels: Sequence[int] = LEVELS) -> tuple[Sample, ...]:
    """Score some attainments without gates and commission, which hang on single KPIs."""
    return tuple(try_level(scheme, level) for level in levels)


def try_level(scheme: Scheme, level: int) -> Sample:
    """Score one attainment of all KPIs."""
    line = Line(
        kpi=EVERY,
        better=Better.HIGHER,
        is_cumulative=False,
        actual=Decimal(level),
        target=HUNDRED,
        weight=HUNDRED,
    )
    outcome = score(Case(scheme=scheme, lines=(line,)))
    return Sample(level, outcome.score or Fraction(0), outcome.payout or Decimal(0))
