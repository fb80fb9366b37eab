"""A version of a scheme as its pages show it: its worked numbers, what may be unexpected, its rules in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpis.catalog import BY_KEY
from kpis.explanations.amounts import write_money
from kpis.units import Direction
from targets.admin.texts import SIGNS
from targets.admin.warning_texts import tell_finding
from targets.pages.amounts import write_plain, write_points
from targets.scoring.findings import Code, Finding
from targets.scoring.lines import Better, Line
from targets.scoring.preview import preview
from targets.scoring.rows import read_table
from targets.scoring.rules import read_scheme
from targets.scoring.scheme import Scheme
from targets.scoring.warnings import find_warnings

# What only a plan can tell: there is none yet.
OF_PLANS = frozenset({Code.WEIGHTS, Code.NO_WEIGHT, Code.NO_TARGET})
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft or a version as it will pay: samples by attainment, their payouts to be drawn, and warnings."""

    samples: tuple[dict[str, str], ...]
    payouts: tuple[Decimal, ...]
    label: str
    warnings: tuple[str, ...]


def show_rules(rules: Mapping[str, Any], line_tables: Mapping[str, Any]) -> Shown:
    """Show what rules pay and what may be unexpected of them. Raises: ScoringError for rules that cannot be scored."""
    scheme = read_scheme(dict(rules))
    samples = preview(scheme)
    told = tuple(
        {
            "percent": write_plain(each.percent),
            "score": write_points(each.score),
            "payout": write_money(each.payout, scheme.currency),
        }
        for each in samples
    )
    label = _("Payout from %(first)s to %(last)s") % {"first": told[0]["payout"], "last": told[-1]["payout"]}
    sign = SIGNS.get(scheme.currency, scheme.currency)
    warnings = tuple(dict.fromkeys(tell_finding(each, sign=sign) for each in list_findings(scheme, line_tables)))
    return Shown(told, tuple(each.payout for each in samples), label, warnings)


def list_findings(scheme: Scheme, line_tables: Mapping[str, Any]) -> Iterator[Finding]:
    """List what may be unexpected whatever the plan: of the common table, the pay, the gates, single KPIs' tables."""
    every = build_line(_("Each KPI"), weight=HUNDRED)
    named = [gate.kpi for gate in scheme.gates] + ([scheme.commission.kpi] if scheme.commission else [])
    lines = [every, *(build_line(kpi, weight=Decimal(0)) for kpi in dict.fromkeys(named))]
    yield from (found for found in find_warnings(scheme, lines) if found.code not in OF_PLANS)
    for kpi, raw in line_tables.items():
        table = read_table(raw, path=kpi, default=scheme.table)
        alone = find_warnings(scheme, [replace(build_line(kpi, weight=HUNDRED), table=table)])
        yield from (found for found in alone if found.kpi == kpi and found.code in (Code.CLIFF, Code.FALL))


def build_line(kpi: str, *, weight: Decimal) -> Line:
    """Build a line that stands for a KPI of any plan."""
    known = BY_KEY.get(kpi)
    better = Better.LOWER if known and known.direction == Direction.DOWN else Better.HIGHER
    return Line(kpi=kpi, better=better, is_cumulative=False, actual=None, target=HUNDRED, weight=weight)
