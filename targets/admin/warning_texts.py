"""What the linter of plans finds, as one sentence each; its numbers are rounded for reading. Pure but for language."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.catalog import BY_KEY
from targets.numbers import make_writer
from targets.scoring.findings import Code, Finding
from targets.scoring.rounding import round_half_up

TEXTS: Mapping[Code, Promise] = {
    Code.CLIFF: _("%(kpi)s: at %(at)s %% the score jumps by %(points)s points%(money)s: smooth it?"),
    Code.FALL: _("%(kpi)s: from %(at)s %% on a better result scores less."),
    Code.PAYOUT_CLIFF: _("At a total of %(at)s %% the payout jumps by %(points)s points%(money)s: smooth it?"),
    Code.PAYOUT_FALL: _("From a total of %(at)s %% on a better total is paid less."),
    Code.WEIGHTS: _("The weights sum to %(value)s instead of 100."),
    Code.NO_WEIGHT: _("%(kpi)s has a target and no weight: it is shown, but not scored."),
    Code.NO_TARGET: _("%(kpi)s has no target: it is shown, but not scored."),
    Code.CAP_BELOW_FULL: _("%(kpi)s: the score is capped at %(value)s, so that nobody reaches 100."),
    Code.MAXIMUM_BELOW_FULL: _("The greatest payout of %(value)s is less than what 100 %% pays."),
    Code.GATE_WITHOUT_LINE: _("The scheme has a gate for %(kpi)s, which this employee has no target for."),
    Code.GATE_NEVER: _("The gate for %(kpi)s never closes: its level is not above 0."),
    Code.GATE_WITHOUT_EFFECT: _("The gate for %(kpi)s changes nothing: it multiplies by 1."),
    Code.GATE_AGAINST_BETTER: _("The gate for %(kpi)s punishes a better result: less is better there."),
    Code.COMMISSION_WITHOUT_LINE: _("The scheme pays a commission on %(kpi)s, which is not in this plan."),
}
# What pays otherwise than people expect, before what is merely unfinished.
SERIOUS = frozenset(Code) - {Code.NO_TARGET, Code.NO_WEIGHT}


def tell_finding(finding: Finding, *, sign: str) -> str:
    """Tell a finding; amounts are written with their currency's sign."""
    write = make_plain_writer()
    money = f" ({write(finding.money)}\N{NO-BREAK SPACE}{sign})" if finding.money is not None else ""
    kpi = BY_KEY.get(finding.kpi or "")
    told = {
        "kpi": kpi.name if kpi else finding.kpi or "",
        "at": write(finding.at),
        "points": write(finding.points),
        "value": write(finding.value),
        "money": money,
    }
    return str(TEXTS[finding.code]) % told


def make_plain_writer() -> Callable[[Fraction | None], str]:
    """Make a function that writes an exact number with at most two decimals."""
    writer = make_writer()

    def write(value: Fraction | None) -> str:
        return "" if value is None else writer.write_plain(Decimal(round_half_up(value, places=2)))

    return write
