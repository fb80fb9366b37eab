"""How a bonus comes about: the amounts that lead to the payout, each with what it is made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis.explanations.amounts import write_money
from kpis.render.formats import format_number
from targets.models import Adjustment
from targets.pages.amounts import (
    find_unit,
    name_kpi,
    write_percent,
    write_plain,
    write_points,
    write_signed_money,
    write_value,
)
from targets.scoring.amounts import Amount, Kind, list_amounts
from targets.scoring.gates import GateOutcome, GateState
from targets.scoring.lines import Case
from targets.scoring.outcome import Outcome
from targets.scoring.tables import Table

TITLES = {
    Kind.BASE: gettext_lazy("Base"),
    Kind.COMMISSION: gettext_lazy("Commission"),
    Kind.GATES: gettext_lazy("Gates"),
    Kind.ADJUSTMENT: gettext_lazy("Adjustment"),
    Kind.ABOVE_MAXIMUM: gettext_lazy("Above the maximum"),
    Kind.CARRIED_OVER: gettext_lazy("Carried over to a later period"),
    Kind.ROUNDING: gettext_lazy("Rounding"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One amount with its sign, and how it came about."""

    title: str
    amount: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bonus:
    """The payout with its parts and what is to be known of gates. Empty: no payout while it is held."""

    payout: str
    parts: tuple[Part, ...]
    remarks: tuple[str, ...]
    is_held: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The total score and the levels that count. Empty: `value` says "no data" where nothing is scored."""

    value: str
    levels: tuple[str, ...]


def describe_score(outcome: Outcome, table: Table) -> Score:
    """Describe the total score with threshold, target and cap of the scheme's table."""
    value = _("no data") if outcome.score is None else write_points(outcome.score)
    return Score(value, tuple(list_levels(table)))


def list_levels(table: Table) -> Iterator[str]:
    """List the levels of a table; without points below some percentage that one is the threshold."""
    threshold = next((tier.from_percent for tier in table.tiers if tier.start or tier.slope), None)
    if threshold:
        yield _("threshold %(level)s") % {"level": write_plain(threshold)}
    yield _("target %(level)s") % {"level": write_plain(table.find_score(Fraction(100)))}
    if table.cap is not None:
        yield _("cap %(level)s") % {"level": write_plain(table.cap)}


def describe_bonus(case: Case, outcome: Outcome, adjustments: Sequence[Adjustment]) -> Bonus:
    """Describe a bonus; the parts add up to the payout."""
    reasons = iter(adjustments)
    parts = []
    for amount in list_amounts(outcome):
        reason = next(reasons, None) if amount.kind is Kind.ADJUSTMENT else None
        parts.append(describe_part(amount, case, outcome, reason=reason.reason if reason else ""))
    payout = _("waits for a decision") if outcome.payout is None else write_money(outcome.payout, outcome.currency)
    return Bonus(payout, tuple(parts), tuple(list_remarks(outcome)), outcome.is_held)


def describe_part(amount: Amount, case: Case, outcome: Outcome, *, reason: str) -> Part:
    """Describe one amount."""
    notes = {Kind.BASE: write_base(case, outcome), Kind.GATES: write_multiplier(outcome), Kind.ADJUSTMENT: reason}
    is_base = amount.kind in (Kind.BASE, Kind.COMMISSION)
    write = write_money if is_base else write_signed_money
    return Part(str(TITLES[amount.kind]), write(amount.amount, outcome.currency), notes.get(amount.kind, ""))


def write_base(case: Case, outcome: Outcome) -> str:
    """Write what the base is made from: the amount at 100 points, the share of it, the time worked."""
    scheme = case.scheme
    if outcome.score is None:
        return _("nothing is scored")
    percent = scheme.payout_table.find_score(outcome.score) if scheme.payout_table else outcome.score
    steps = [write_money(scheme.base, scheme.currency), write_percent(percent)]
    if scheme.prorates_base and case.proration != 1:
        steps.append(_("%(percent)s of the time worked") % {"percent": write_percent(Fraction(case.proration) * 100)})
    return " × ".join(steps)


def write_multiplier(outcome: Outcome) -> str:
    """Write by what the gates multiply."""
    return f"× {format_number(outcome.multiplier, places=2)}"


def list_remarks(outcome: Outcome) -> Iterator[str]:
    """List the gates that cut the pay, and those that do not because too little is known."""
    for each in outcome.gates:
        if each.state is not GateState.PASSED:
            yield write_gate(each, currency=outcome.currency)


def write_gate(outcome: GateOutcome, *, currency: str) -> str:
    """Write how a gate came out."""
    gate = outcome.gate
    told = {
        "kpi": name_kpi(gate.kpi),
        "level": write_value(gate.below, find_unit(gate.kpi), currency=currency),
        "multiplier": format_number(gate.multiplier, places=2),
        "least": gate.min_sample,
    }
    if outcome.state is GateState.APPLIED:
        return _("Gate: “%(kpi)s” is below %(level)s, × %(multiplier)s") % told
    if outcome.state is GateState.SMALL_SAMPLE:
        return _("Gate “%(kpi)s” does not apply: fewer than %(least)s records") % told
    return _("Gate “%(kpi)s” does not apply: no data") % told
