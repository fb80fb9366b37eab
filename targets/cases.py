"""From a plan and the results to what is scored: one case per employee, exact and complete."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpis.catalog import BY_KEY
from kpis.kpi import Number
from kpis.units import Direction
from targets.actuals import Actual, is_cumulative
from targets.errors import PlanError
from targets.models import Adjustment, PlanMember, SchemeVersion, Target
from targets.proration import Proration
from targets.scoring.lines import Better, Case, Line
from targets.scoring.rows import read_table
from targets.scoring.rules import read_scheme
from targets.scoring.scheme import Scheme
from targets.scoring.tables import Table

# A quotient is kept with so many decimals: far beyond a kopeck, and within what a case may hold.
MOST_DECIMALS = -20
DECIMALS = Decimal(1).scaleb(MOST_DECIMALS)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a version of a scheme, and the tables of KPIs that have their own."""

    scheme: Scheme
    tables: Mapping[str, Table]


def read_rules(version: SchemeVersion) -> Rules:
    """Read the rules of a version. Raises: ScoringError."""
    scheme = read_scheme(version.rules)
    tables = {kpi: read_table(rows, path=kpi, default=scheme.table) for kpi, rows in version.line_tables.items()}
    return Rules(scheme, tables)


def build_case(
    member: PlanMember,
    targets: Iterable[Target],
    actuals: Mapping[str, Actual],
    *,
    rules: Rules,
    proration: Proration,
    adjustments: Iterable[Adjustment] = (),
) -> Case:
    """Build the case of one employee. Shape: lines in the order of the catalogue; those without a weight as well."""
    own = member.base_amount
    wanted = sorted(targets, key=lambda target: ORDER.get(target.kpi, len(ORDER)))
    return Case(
        scheme=rules.scheme if own is None else replace(rules.scheme, base=own),
        lines=tuple(build_line(each, actuals.get(each.kpi), table=rules.tables.get(each.kpi)) for each in wanted),
        proration=proration.share,
        adjustments=tuple(each.amount for each in adjustments),
    )


ORDER = {key: place for place, key in enumerate(BY_KEY)}


def build_line(target: Target, actual: Actual | None, *, table: Table | None) -> Line:
    """Build the line of a target; a KPI that is unknown by now has no data."""
    kpi = BY_KEY.get(target.kpi)
    better = Better.LOWER if kpi and kpi.direction == Direction.DOWN else Better.HIGHER
    return Line(
        kpi=target.kpi,
        better=better,
        is_cumulative=bool(kpi and is_cumulative(kpi)),
        actual=write_optional(actual.result.value) if actual else None,
        target=target.value,
        weight=target.weight,
        sample=count_sample(actual),
        min_sample=target.min_sample,
        interval=round_interval(actual),
        table=table,
    )


def write_exact(value: Number) -> Decimal:
    """Turn a KPI's value into a decimal that a case may hold."""
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    return number.quantize(DECIMALS) if isinstance(exponent, int) and exponent < MOST_DECIMALS else number


def write_optional(value: Number | None) -> Decimal | None:
    """Turn a value into a decimal that a case may hold. Empty: None stays None."""
    return None if value is None else write_exact(value)


def count_sample(actual: Actual | None) -> int | None:
    """Count the records under a value; None for what no whole number of records stands under."""
    if actual is None or actual.sample != int(actual.sample) or actual.sample < 0:
        return None
    return int(actual.sample)


def round_interval(actual: Actual | None) -> tuple[Decimal, Decimal] | None:
    """Keep an interval's ends with as many decimals as values."""
    if actual is None or actual.interval is None:
        return None
    low, high = (end.quantize(DECIMALS) for end in actual.interval)
    return low, high


def find_version(versions: Iterable[SchemeVersion], *, plan: Any) -> SchemeVersion:
    """Find the version that is in force when a plan's period begins: the newest of those. Raises: PlanError."""
    known = [each for each in versions if each.effective_on <= plan.start_on]
    if not known:
        raise PlanError(
            _("The scheme “%(scheme)s” has no version in force on %(day)s: add one that begins by then.")
            % {"scheme": plan.scheme, "day": plan.start_on}
        )
    return max(known, key=lambda each: (each.effective_on, each.number))
