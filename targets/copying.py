"""Copies of targets into another period: what adds up is raised or lowered by a percentage, the rest stays. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpis.catalog import BY_KEY
from kpis.kpi import Kpi, Number
from targets.actuals import is_cumulative
from targets.errors import PlanError
from targets.grids import Stored
from targets.numbers import find_step, round_to_unit

HUNDRED = Decimal(100)
LEVELS = ("value", "threshold", "stretch")


def copy_target(target: Stored, kpi: str, *, percent: Decimal) -> dict[str, Any]:
    """Copy a target with what stands beside it, its levels changed by so many percent.

    Only sums are: a share that is to grow by a tenth, or a time, is a decision of its own. A KPI that is unknown by
    now has nothing to copy.
    """
    known = BY_KEY.get(kpi)
    if known is None:
        return {}
    levels = {name: change(getattr(target, name), known, percent=percent) for name in LEVELS}
    return levels | {"weight": target.weight, "min_sample": target.min_sample}


def change(value: Decimal | None, kpi: Kpi, *, percent: Decimal) -> Decimal | None:
    """Change a sum by so many percent, in the step that its KPI is planned in; never to nothing.

    Empty: None stays None. Raises: PlanError for a percentage that leaves nothing.
    """
    if percent <= -HUNDRED:
        raise PlanError(_("A change by −100 percent or less leaves no target: write a smaller one."))
    if value is None or not percent or not is_cumulative(kpi):
        return value
    return max(round_to_unit(value * (HUNDRED + percent) / HUNDRED, kpi.unit), find_step(kpi.unit))


def copy_results(results: Mapping[str, Number | None], *, percent: Decimal) -> dict[str, Decimal]:
    """Turn what was reached, by KPI, into targets. Empty: nothing for what had no value, or none above zero."""
    found: dict[str, Decimal] = {}
    for key, value in results.items():
        rounded = None if value is None else round_to_unit(value, BY_KEY[key].unit)
        if rounded is not None and rounded > 0:
            found[key] = change(rounded, BY_KEY[key], percent=percent) or rounded
    return found
