"""How a line stands against its target: a tone for the bar and the same in words. Pure.

Sums grow through the period and are judged against the pace while it runs; shares, means and times against the target.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

HUNDRED = 100
GOOD, BEHIND = "good", "behind"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A tone and a word. Empty: both are empty where there is nothing to judge."""

    tone: str = ""
    word: str = ""


def judge(percent: Decimal | None, *, pace: Fraction | None) -> Verdict:
    """Judge an attainment; `pace` is None for what no pace is asked of. Units: percent."""
    if percent is None:
        return Verdict()
    if percent >= HUNDRED:
        return Verdict(GOOD, _("target reached"))
    if pace is None:
        return Verdict(BEHIND, _("target not reached"))
    if Fraction(percent) >= pace:
        return Verdict(GOOD, _("keeps pace"))
    return Verdict(BEHIND, _("behind pace"))
