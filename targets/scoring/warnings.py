"""A plan's linter: what a scheme and its lines will do that their author may not expect. Pure."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from targets.scoring.findings import Code, Finding
from targets.scoring.lines import Line
from targets.scoring.pay_warnings import inspect_payout, inspect_rules, list_falling
from targets.scoring.scheme import Scheme
from targets.scoring.tables import Table

HUNDRED = 100
NOTHING = Fraction(0)


def find_warnings(scheme: Scheme, lines: Sequence[Line]) -> tuple[Finding, ...]:
    """Find what may be unexpected, in the order of the lines, then the total, then the rules of pay."""
    by_line = (found for line in lines for found in inspect_line(scheme, line, whole=sum_weights(lines)))
    return (*by_line, *inspect_weights(lines), *inspect_payout(scheme), *inspect_rules(scheme, lines))


def sum_weights(lines: Sequence[Line]) -> Fraction:
    """Add up the weights of the lines that can be scored."""
    return sum((Fraction(line.weight) for line in lines if line.target is not None), NOTHING)


def inspect_line(scheme: Scheme, line: Line, *, whole: Fraction) -> Iterator[Finding]:
    """Find what is odd about one line; its share of the total is that of a period in which all lines have data."""
    if line.target is None:
        yield Finding(code=Code.NO_TARGET, kpi=line.kpi)
        return
    if not line.weight:
        yield Finding(code=Code.NO_WEIGHT, kpi=line.kpi)
        return
    table = line.table or scheme.table
    yield from inspect_table(table, scheme, kpi=line.kpi, share=Fraction(line.weight) / whole)
    if table.cap is not None and table.cap < HUNDRED:
        yield Finding(code=Code.CAP_BELOW_FULL, kpi=line.kpi, value=Fraction(table.cap))


def inspect_table(table: Table, scheme: Scheme, *, kpi: str, share: Fraction) -> Iterator[Finding]:
    """Find where a little more result brings many points at once, or costs some."""
    for jump in table.find_jumps():
        points = jump.points * share
        money = None if scheme.payout_table else Fraction(scheme.base) * points / HUNDRED
        code = Code.CLIFF if points > 0 else Code.FALL
        yield Finding(code=code, kpi=kpi, at=jump.at_percent, points=points, money=money)
    for at_percent, slope in list_falling(table):
        yield Finding(code=Code.FALL, kpi=kpi, at=at_percent, value=slope)


def inspect_weights(lines: Sequence[Line]) -> Iterator[Finding]:
    """Find weights that do not make a hundred."""
    whole = sum((Fraction(line.weight) for line in lines), NOTHING)
    if whole != HUNDRED:
        yield Finding(code=Code.WEIGHTS, value=whole)
