"""What a little more of one result would bring, all else as it is: the changed case is scored, so the money is exact.

Pure. Where the money changes its pace: the tiers of a line, its cap, the tiers of the payout, gates that would open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from targets.scoring.gates import GateState
from targets.scoring.lines import Better, Case, Line
from targets.scoring.outcome import Outcome, score
from targets.scoring.proration import prorate_target
from targets.scoring.scheme import Bound
from targets.scoring.tables import Table
from targets.scoring.total import LineOutcome

HUNDRED, WHOLE = 100, Fraction(1)


@dataclass(frozen=True, slots=True)
class Step:
    """One result that is worth reaching.

    Units: `actual` and `missing` in the KPI's, whole grains of it, `missing` without a sign; `percent` is the
    attainment there and `effort` how many percent of the target it is away; `gain` is money.
    """

    kpi: str
    actual: Decimal
    missing: Decimal
    percent: Fraction
    effort: Fraction
    gain: Decimal


def find_steps(case: Case, *, grains: Mapping[str, Decimal]) -> tuple[Step, ...]:
    """Find the next step of each line that pays, the nearest first.

    `grains` are the smallest amounts in which results are told, such as 1 for deals; a step is rounded to them so that
    it surely suffices. Empty: nothing while the payout is held, and where no more is to be gained.
    """
    now = score(case)
    if now.payout is None:
        return ()
    found = (
        find_step(case, place, now, grain=grains.get(line.kpi, Decimal(1))) for place, line in enumerate(case.lines)
    )
    return tuple(sorted((step for step in found if step), key=lambda step: (step.effort, step.kpi)))


def find_step(case: Case, place: int, now: Outcome, *, grain: Decimal) -> Step | None:
    """Find the nearest result of a line that pays more. Empty: None where there is none."""
    line, told = case.lines[place], now.lines[place]
    target = prorate_target(line, share=Fraction(case.proration) if case.scheme.prorates_targets else WHOLE)
    if told.attainment.percent is None or target is None or line.actual is None or now.payout is None:
        return None
    for percent in sorted(set(list_levels(case, line, told, now, target=target))):
        actual = find_actual(line, target, percent, grain=grain)
        payout = score(change_actual(case, place, actual)).payout if actual > 0 else None
        if payout is not None and payout > now.payout:
            effort = percent - told.attainment.percent
            return Step(line.kpi, actual, abs(actual - line.actual), percent, effort, payout - now.payout)
    return None


def list_levels(case: Case, line: Line, told: LineOutcome, now: Outcome, *, target: Fraction) -> Iterator[Fraction]:
    """List the attainments above the present one at which something happens."""
    table, reached = line.table or case.scheme.table, told.attainment.percent or Fraction(0)
    levels = [Fraction(tier.from_percent) for tier in table.tiers]
    levels += [level for level in (find_cap(table), *list_payout_levels(case, line, told, now)) if level is not None]
    levels += list_gate_levels(line, now, target=target)
    yield from (level for level in levels if level > reached)


def find_cap(table: Table) -> Fraction | None:
    """Find the attainment from which a line scores no more."""
    return None if table.cap is None else find_percent(table, Fraction(table.cap))


def list_payout_levels(case: Case, line: Line, told: LineOutcome, now: Outcome) -> Iterator[Fraction | None]:
    """List the attainments of a line at which the total reaches another tier of the payout."""
    payout, table = case.scheme.payout_table, line.table or case.scheme.table
    if payout is None or now.score is None or told.score is None or not line.weight:
        return
    counted = zip(case.lines, now.lines, strict=True)
    weights = sum(Fraction(each.weight) for each, outcome in counted if outcome.score is not None)
    for tier in payout.tiers:
        points = (Fraction(tier.from_percent) - now.score) * weights / Fraction(line.weight)
        if points > 0:
            yield find_percent(table, told.score + points)


def list_gate_levels(line: Line, now: Outcome, *, target: Fraction) -> list[Fraction]:
    """List the attainments at which a gate on a line's own value would not cut any more."""
    if line.better is Better.LOWER:
        return []
    return [
        Fraction(each.gate.below) / target * HUNDRED
        for each in now.gates
        if each.gate.kpi == line.kpi and each.state is GateState.APPLIED and each.gate.bound is Bound.POINT
    ]


def find_percent(table: Table, wanted: Fraction) -> Fraction | None:
    """Find the least percentage that scores so much. Empty: None where none does."""
    if table.cap is not None and wanted > table.cap:
        return None
    starts = [Fraction(tier.from_percent) for tier in table.tiers]
    for tier, start, end in zip(table.tiers, starts, [*starts[1:], None], strict=True):
        if tier.start >= wanted:
            return start
        level = start + (wanted - Fraction(tier.start)) / Fraction(tier.slope) if tier.slope > 0 else None
        if level is not None and (end is None or level < end):
            return level
    return None


def find_actual(line: Line, target: Fraction, percent: Fraction, *, grain: Decimal) -> Decimal:
    """Find the result, in whole grains, that attains a percentage of a target."""
    exact = target * percent / HUNDRED if line.better is Better.HIGHER else target * HUNDRED / percent
    grains = exact / Fraction(grain)
    up = line.better is Better.HIGHER
    count = -(-grains.numerator // grains.denominator) if up else grains.numerator // grains.denominator
    return count * grain


def change_actual(case: Case, place: int, actual: Decimal) -> Case:
    """Put another result into a line."""
    lines = [replace(line, actual=actual) if number == place else line for number, line in enumerate(case.lines)]
    return replace(case, lines=tuple(lines))
