"""What stands on the page of one scorecard, as values that a template only writes out."""

from dataclasses import dataclass

from targets.pages.bonus import Bonus, Score
from targets.pages.periods import Named
from targets.pages.rows import Row
from targets.pages.steps import Next
from targets.pages.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One employee's period. Empty: without a scored scorecard `remark` says why, and rows have no targets."""

    employee: str
    external_id: int
    portal_key: int
    period: Named
    previous: Named
    following: Named | None
    days: str
    completeness: str
    months: tuple[str, ...]
    rows: tuple[Row, ...]
    remark: str = ""
    score: Score | None = None
    bonus: Bonus | None = None
    steps: tuple[Next, ...] = ()
    has_steps: bool = False
    story: Story | None = None
    computed: str = ""
    may_acknowledge: bool = False
    acknowledged: str = ""
