"""From a scored case to the lines of a scorecard: each a copy of all that its score was made from."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from targets.actuals import Actual
from targets.cases import write_exact, write_optional
from targets.models import ScorecardLine, Target
from targets.scoring.attainment import Attainment, judge_line, prorate_target
from targets.scoring.canonical import write_decimal
from targets.scoring.lines import Case, Line
from targets.scoring.outcome import Outcome
from targets.scoring.total import LineOutcome

UNBOUNDED = Decimal("Infinity")
# What a line says besides whose it is; equal lines are not written again.
COLUMNS = tuple(field.attname for field in ScorecardLine._meta.concrete_fields if field.name not in ("id", "scorecard"))


def build_lines(
    case: Case, outcome: Outcome, *, targets: Iterable[Target], actuals: Mapping[str, Actual]
) -> list[ScorecardLine]:
    """Build the lines of a scorecard, in the order of the case."""
    by_kpi = {target.kpi: target for target in targets}
    return [
        build_line(place, line, told, target=by_kpi[line.kpi], actual=actuals.get(line.kpi), case=case)
        for place, (line, told) in enumerate(zip(case.lines, outcome.lines, strict=True))
    ]


def build_line(
    place: int, line: Line, told: LineOutcome, *, target: Target, actual: Actual | None, case: Case
) -> ScorecardLine:
    """Build one line. Empty: without a KPI of this name nothing was reached, in version 0 of its definition."""
    share = Fraction(case.proration) if case.scheme.prorates_targets else Fraction(1)
    published = judge_published(line, target.published_value, share=share)
    return ScorecardLine(
        place=place,
        kpi=line.kpi,
        kpi_version=actual.kpi.version if actual else 0,
        state=told.state.value,
        actual=line.actual,
        numerator=write_exact(actual.result.numerator) if actual else Decimal(0),
        denominator=write_optional(actual.result.denominator) if actual else None,
        sample=write_exact(actual.sample) if actual else Decimal(0),
        target=write_fraction(prorate_target(line, share=share)),
        full_target=line.target,
        published_target=target.published_value,
        target_version=target.version,
        weight=line.weight,
        attainment=write_attainment(told.attainment),
        published_attainment=write_attainment(published) if published else None,
        score=write_fraction(told.score),
        contribution=write_fraction(told.contribution),
        through=actual.through if actual else None,
        credits=describe_credits(actual) if actual else [],
    )


def describe_credits(actual: Actual) -> list[dict[str, Any]]:
    """Describe the deals that count otherwise than in the CRM."""
    return [
        {
            "measure": measure,
            "deal": each.external_id,
            "why": each.why,
            "amount": write_decimal(write_exact(each.amount)),
        }
        for measure, each in actual.credits
    ]


def judge_published(line: Line, value: Decimal | None, *, share: Fraction) -> Attainment | None:
    """Judge a line by the target that was published first. Empty: None where that is the target still."""
    if value is None or value == line.target:
        return None
    fields: dict[str, Any] = {name: getattr(line, name) for name in Line.__dataclass_fields__}
    return judge_line(Line(**fields | {"target": value}), share=share)


def write_attainment(attainment: Attainment) -> Decimal | None:
    """Write an attainment in percent; Infinity where it has no bound."""
    return UNBOUNDED if attainment.is_unbounded else write_fraction(attainment.percent)


def write_fraction(value: Fraction | None) -> Decimal | None:
    """Write a fraction as a decimal, as far as a case keeps them. Empty: None stays None."""
    return None if value is None else write_exact(Decimal(value.numerator) / Decimal(value.denominator))
