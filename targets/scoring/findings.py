"""What the linter of plans finds, as plain values: a code and its numbers; the text is made where it is shown. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Code(StrEnum):
    """What may be unexpected.

    A cliff brings many points for a little result, a fall takes some away; "full" is an attainment of 100 %.
    """

    CLIFF = "cliff"
    FALL = "fall"
    PAYOUT_CLIFF = "payout_cliff"
    PAYOUT_FALL = "payout_fall"
    WEIGHTS = "weights"
    NO_WEIGHT = "no_weight"
    NO_TARGET = "no_target"
    CAP_BELOW_FULL = "cap_below_full"
    MAXIMUM_BELOW_FULL = "maximum_below_full"
    GATE_WITHOUT_LINE = "gate_without_line"
    GATE_NEVER = "gate_never"
    GATE_WITHOUT_EFFECT = "gate_without_effect"
    GATE_AGAINST_BETTER = "gate_against_better"
    COMMISSION_WITHOUT_LINE = "commission_without_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding: what it is, where, and its numbers; exact.

    Units: `at` is in percent of the table, of the total for payout tables; `points` are those of the total score, and
    of its payout for payout tables; `money` is for the scheme's whole base. `value` is the number that is odd.
    Empty: None for what the finding has not; no money where a payout table makes it depend on the other lines.
    """

    code: Code
    kpi: str | None = None
    at: Fraction | None = None
    points: Fraction | None = None
    money: Fraction | None = None
    value: Fraction | None = None
