"""What the targets of a team come to: sums are added up, ratios are made from the sums behind them. Pure."""

from collections.abc import Mapping
from decimal import Decimal

from kpis.kpi import Kpi
from targets.grids import Grid


def roll_up(grid: Grid, kpi: Kpi) -> Decimal | None:
    """Add the targets of a KPI up to that of the team.

    A ratio is what the team reaches when everybody reaches his target on what he had in the last period: the
    targets weighed by its denominators, so that an employee with three leads moves it less than one with three
    hundred. Empty: None without targets, and for a ratio without anything in the last period.
    """
    targets = {
        row.employee: target.value
        for row in grid.rows
        if (target := grid.targets.get((row.member, kpi.key))) is not None and target.value is not None
    }
    if not targets:
        return None
    if kpi.denominator is None:
        return sum(targets.values(), Decimal(0))
    results = grid.earlier[0].results[kpi.key]
    return weigh(targets, {who: Decimal(results[who].denominator or 0) for who in targets if who in results})


def weigh(targets: Mapping[int, Decimal], weights: Mapping[int, Decimal]) -> Decimal | None:
    """Compute the weighed mean. Empty: None when nothing has a weight."""
    whole = sum(weights.values(), Decimal(0))
    return sum((targets[who] * weight for who, weight in weights.items()), Decimal(0)) / whole if whole else None
