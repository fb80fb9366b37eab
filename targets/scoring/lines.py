"""What is judged: the lines of a plan with their results, and a case of them with its scheme. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext as _

from targets.scoring.errors import ScoringError, check_least, check_most
from targets.scoring.scheme import Scheme, check_capped
from targets.scoring.tables import Table


class Better(StrEnum):
    """Which way a KPI improves."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One KPI of a plan with its target and its actual value; `table` is its own where it has one.

    Empty: `actual` is None without data, `target` without a target, `sample` for a KPI that counts no sample.
    Raises: ScoringError.
    """

    kpi: str
    better: Better
    is_cumulative: bool
    actual: Decimal | None
    target: Decimal | None
    weight: Decimal
    sample: int | None = None
    min_sample: int = 0
    interval: tuple[Decimal, Decimal] | None = None
    table: Table | None = None

    def __post_init__(self) -> None:
        if self.target is not None and self.target <= 0:
            raise ScoringError(_("target must be greater than 0, not %(value)s.") % {"value": self.target})
        check_least("weight", self.weight)
        check_least("min_sample", self.min_sample)
        if self.sample is not None:
            check_least("sample", self.sample)
        if self.interval is not None and self.interval[0] > self.interval[1]:
            raise ScoringError(_("interval must run from the lower number to the higher one."))
        if self.table is not None:
            check_capped(self.table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that a payout depends on.

    Units: `proration` is the share of the period that was worked, 0 to 1; adjustments are in the scheme's currency.
    Raises: ScoringError.
    """

    scheme: Scheme
    lines: tuple[Line, ...]
    proration: Decimal | Fraction = Fraction(1)
    adjustments: tuple[Decimal, ...] = ()

    def __post_init__(self) -> None:
        check_least("proration", self.proration)
        check_most("proration", self.proration, most=1)
        check_once([line.kpi for line in self.lines])


def check_once(kpis: list[str]) -> None:
    """Check that each KPI has one line, so that gates and commission know its value. Raises: ScoringError."""
    seen: set[str] = set()
    for kpi in kpis:
        if kpi in seen:
            raise ScoringError(_("The KPI “%(kpi)s” has more than one line.") % {"kpi": kpi})
        seen.add(kpi)
