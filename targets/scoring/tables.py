"""Tables of tiers: from an attainment to a line's score, or from the total score to the share of the base. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from targets.scoring.errors import check_least, check_rising

Row = tuple[Fraction, Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Tier:
    """From this percentage on the score is `start`, and `slope` more for each percent above. Units: percent, points."""

    from_percent: Decimal
    start: Decimal
    slope: Decimal


@dataclass(frozen=True, slots=True)
class Jump:
    """Where one tier gives way to the next: the score just before, and the score there."""

    at_percent: Fraction
    before: Fraction
    after: Fraction

    @property
    def points(self) -> Fraction:
        """The points that the last bit of result brings; negative where it costs some."""
        return self.after - self.before


@dataclass(frozen=True)
class Table:
    """Tiers in order, the first from 0, and the most that they give; without a cap there is no most.

    Raises: ScoringError for tiers that do not rise from 0 and for a cap below 0.
    """

    tiers: tuple[Tier, ...]
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        check_rising([tier.from_percent for tier in self.tiers])
        if self.cap is not None:
            check_least("cap", self.cap)

    def find_score(self, percent: Fraction) -> Fraction:
        """Find the score of a percentage; below 0 the first tier goes on."""
        reached = (row for row in self._descending if percent >= row[0])
        from_percent, start, slope = next(reached, self._descending[-1])
        return self._limit(start + slope * (percent - from_percent))

    def find_jumps(self) -> Iterator[Jump]:
        """Find where a tier begins at another score than the one before has reached."""
        for (from_percent, start, slope), (following, after, _slope) in pairwise(reversed(self._descending)):
            jump = Jump(following, self._limit(start + slope * (following - from_percent)), self._limit(after))
            if jump.points:
                yield jump

    @property
    def is_monotone(self) -> bool:
        """Whether more never scores less."""
        return all(tier.slope >= 0 for tier in self.tiers) and all(jump.points > 0 for jump in self.find_jumps())

    @cached_property
    def _descending(self) -> tuple[Row, ...]:
        """The tiers as fractions, the highest first."""
        rows = ((tier.from_percent, tier.start, tier.slope) for tier in reversed(self.tiers))
        return tuple((Fraction(row[0]), Fraction(row[1]), Fraction(row[2])) for row in rows)

    @cached_property
    def _most(self) -> Fraction | None:
        return None if self.cap is None else Fraction(self.cap)

    def _limit(self, score: Fraction) -> Fraction:
        return score if self._most is None else min(self._most, score)


def build_table(*rows: tuple[str, str, str], cap: str | None = None) -> Table:
    """Build a table from texts: from, start, slope."""
    tiers = tuple(Tier(Decimal(row[0]), Decimal(row[1]), Decimal(row[2])) for row in rows)
    return Table(tiers, None if cap is None else Decimal(cap))


DEFAULT_TABLE = build_table(("0", "0", "0"), ("70", "70", "1"), ("100", "100", "1.5"), cap="150")
