"""What may be unexpected of the rules of pay: payout table, maximum, gates and commission. Pure; see `warnings.py`."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from targets.scoring.findings import Code, Finding
from targets.scoring.lines import Better, Line
from targets.scoring.scheme import Gate, Scheme
from targets.scoring.tables import Jump, Table

HUNDRED = 100


def list_falling(table: Table) -> list[tuple[Fraction, Fraction]]:
    """List the tiers along which more result scores less: from where, and how steeply."""
    return [(Fraction(tier.from_percent), Fraction(tier.slope)) for tier in table.tiers if tier.slope < 0]


def inspect_payout(scheme: Scheme) -> Iterator[Finding]:
    """Find jumps of the payout table, and a maximum that keeps full attainment from being paid in full."""
    base, table = Fraction(scheme.base), scheme.payout_table
    for jump in table.find_jumps() if table else ():
        yield describe_jump(jump, base=base)
    for at_percent, slope in list_falling(table) if table else ():
        yield Finding(code=Code.PAYOUT_FALL, at=at_percent, value=slope)
    full = base * (table.find_score(Fraction(HUNDRED)) if table else HUNDRED) / HUNDRED
    if scheme.maximum is not None and scheme.maximum < full:
        yield Finding(code=Code.MAXIMUM_BELOW_FULL, money=full, value=Fraction(scheme.maximum))


def describe_jump(jump: Jump, *, base: Fraction) -> Finding:
    """Describe where a little more of the total is paid with much more at once, or with less."""
    code = Code.PAYOUT_CLIFF if jump.points > 0 else Code.PAYOUT_FALL
    return Finding(code=code, at=jump.at_percent, points=jump.points, money=base * jump.points / HUNDRED)


def inspect_rules(scheme: Scheme, lines: Sequence[Line]) -> Iterator[Finding]:
    """Find gates that never act, and a commission on what is not there."""
    by_kpi = {line.kpi: line for line in lines}
    for gate in scheme.gates:
        code = find_flaw(gate, by_kpi.get(gate.kpi))
        if code:
            yield Finding(code=code, kpi=gate.kpi, value=Fraction(gate.below))
    if scheme.commission and scheme.commission.kpi not in by_kpi:
        yield Finding(code=Code.COMMISSION_WITHOUT_LINE, kpi=scheme.commission.kpi)


def find_flaw(gate: Gate, line: Line | None) -> Code | None:
    """Find why a gate will not do what it is there for. Empty: None for one that can."""
    if line is None:
        return Code.GATE_WITHOUT_LINE
    if gate.below <= 0:
        # What is counted, summed or measured is not below 0.
        return Code.GATE_NEVER
    if gate.multiplier == 1:
        return Code.GATE_WITHOUT_EFFECT
    return Code.GATE_AGAINST_BETTER if line.better == Better.LOWER and gate.multiplier < 1 else None
