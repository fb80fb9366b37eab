"""What a scheme will do with an employee's targets that their author may not expect, for the panel of a cell."""

from typing import Any

from django.utils.translation import gettext as _

from kpis.catalog import BY_KEY
from kpis.units import Direction
from targets.actuals import is_cumulative
from targets.admin.texts import SIGNS
from targets.admin.warning_texts import SERIOUS, tell_finding
from targets.cases import find_version
from targets.errors import PlanError
from targets.grids import Grid
from targets.models import SchemeVersion
from targets.scoring.errors import ScoringError
from targets.scoring.lines import Better, Line
from targets.scoring.rows import read_table
from targets.scoring.rules import read_scheme
from targets.scoring.warnings import find_warnings


def list_findings(grid: Grid, member: int) -> list[dict[str, Any]]:
    """List what is odd about an employee's targets under the plan's scheme, the serious first."""
    try:
        version = find_version(SchemeVersion.objects.filter(scheme=grid.plan.scheme_id), plan=grid.plan)
        scheme = read_scheme(version.rules)
        lines = build_lines(grid, member, version)
    except (PlanError, ScoringError) as error:
        return [{"text": str(error), "is_serious": True}]
    sign = SIGNS.get(scheme.currency, scheme.currency)
    found = [
        {"text": tell_finding(each, sign=sign), "is_serious": each.code in SERIOUS}
        for each in find_warnings(scheme, lines)
    ]
    whole = grid.weights.get(member)
    good = [{"text": _("The weights sum to 100."), "is_good": True}] if whole == 100 else []
    return [*sorted(found, key=lambda each: not each["is_serious"]), *good]


def build_lines(grid: Grid, member: int, version: SchemeVersion) -> list[Line]:
    """Build the lines of an employee as the linter takes them: results do not matter to it. Raises: ScoringError."""
    scheme = read_scheme(version.rules)
    tables = {kpi: read_table(rows, path=kpi, default=scheme.table) for kpi, rows in version.line_tables.items()}
    mine = [(kpi, target) for (who, kpi), target in grid.targets.items() if who == member and kpi in BY_KEY]
    return [
        Line(
            kpi=kpi,
            better=Better.LOWER if BY_KEY[kpi].direction == Direction.DOWN else Better.HIGHER,
            is_cumulative=is_cumulative(BY_KEY[kpi]),
            actual=None,
            target=target.value,
            weight=target.weight,
            table=tables.get(kpi),
        )
        for kpi, target in mine
    ]
