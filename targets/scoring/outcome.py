"""The entry to scoring: a case goes in, its outcome comes out, every figure exact but what is paid. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from targets.scoring.gates import GateOutcome, judge_gate, multiply
from targets.scoring.lines import Case, Line
from targets.scoring.payout import Settlement, apply_gates, compute_base, compute_commission, settle
from targets.scoring.rounding import round_money
from targets.scoring.scheme import Commission
from targets.scoring.total import LineOutcome, Total, score_lines

NOTHING, WHOLE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case came out. `base` and `commission` are before gates, `earned` is after, `due` with adjustments.

    Units: points, and the currency; only `payout` and `carried_over` are rounded.
    Empty: no score where nothing is scored.
    """

    currency: str
    lines: tuple[LineOutcome, ...]
    score: Fraction | None
    base: Fraction
    commission: Fraction
    gates: tuple[GateOutcome, ...]
    multiplier: Decimal
    earned: Fraction
    adjustments: tuple[Decimal, ...]
    due: Fraction
    settlement: Settlement
    is_held: bool

    @property
    def payout(self) -> Decimal | None:
        """What is paid, rounded. Empty: None while it is held."""
        return None if self.is_held else round_money(self.settlement.paid, currency=self.currency)

    @property
    def carried_over(self) -> Decimal:
        """What a later period has to settle, rounded; negative where something is owed by the employee."""
        return round_money(self.settlement.carried_over, currency=self.currency)


def score(case: Case) -> Outcome:
    """Score a case: its lines, the total, and what is paid."""
    scheme, share = case.scheme, Fraction(case.proration)
    total = score_lines(case.lines, scheme, share=share if scheme.prorates_targets else WHOLE)
    lines = {line.kpi: line for line in case.lines}
    gates = tuple(judge_gate(gate, lines.get(gate.kpi)) for gate in scheme.gates)
    base, commission = compute_earnings(case, total.score, lines=lines)
    multiplier = multiply(gates)
    earned = apply_gates(base, commission, multiplier=multiplier, gates_on=scheme.gates_on)
    due = earned + sum(map(Fraction, case.adjustments), NOTHING)
    return Outcome(
        currency=scheme.currency,
        lines=total.lines,
        score=total.score,
        base=base,
        commission=commission,
        gates=gates,
        multiplier=multiplier,
        earned=earned,
        adjustments=case.adjustments,
        due=due,
        settlement=choose_settlement(total, due, maximum=scheme.maximum),
        is_held=total.is_held,
    )


def compute_earnings(case: Case, total: Fraction | None, *, lines: dict[str, Line]) -> tuple[Fraction, Fraction]:
    """Compute base and commission before gates. Empty: with nothing scored both are 0."""
    if total is None:
        return NOTHING, NOTHING
    scheme, share = case.scheme, Fraction(case.proration)
    base = compute_base(scheme, total, share=share if scheme.prorates_base else WHOLE)
    return base, find_commission(scheme.commission, lines)


def find_commission(rule: Commission | None, lines: dict[str, Line]) -> Fraction:
    """Find the commission. Empty: 0 without a rule, and for a KPI that is no line."""
    if rule is None or rule.kpi not in lines:
        return NOTHING
    return compute_commission(lines[rule.kpi].actual, rule.brackets)


def choose_settlement(total: Total, due: Fraction, *, maximum: Decimal | None) -> Settlement:
    """Choose what is paid: what is due within its limits, nothing before a decision, nothing for nothing scored."""
    if total.is_held:
        return Settlement(NOTHING, NOTHING)
    if total.score is None:
        # Adjustments of other periods must not be lost in a period that pays nothing.
        return Settlement(NOTHING, due)
    return settle(due, maximum=maximum)
