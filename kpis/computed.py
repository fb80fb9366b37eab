"""KPIs that do not add up: each is computed for the very period and group by the function under its key."""

from collections.abc import Callable, Collection, Sequence

from crmsync.models import Portal
from kpis.catalog import BY_KEY
from kpis.churn import find_churn
from kpis.kpi import Result, divide
from kpis.periods import Period

# Takes the portal, the period, whom to compute for (None: the team) and the employees that make the team (None: all).
Compute = Callable[[Portal, Period, Sequence[int | None], Collection[int] | None], dict[int | None, Result]]


def compute_churn(
    portal: Portal, period: Period, people: Sequence[int | None], team: Collection[int] | None
) -> dict[int | None, Result]:
    """Compute the churn rate. Shape: by employee, None for the team, in the order asked for."""
    counts = find_churn(portal, period, employees=team).count(team)
    scale = BY_KEY["churn_rate"].scale
    found = {who: counts.get(who, (0, 0)) for who in people}
    return {who: Result(divide(lost, all_, scale=scale), lost, all_) for who, (lost, all_) in found.items()}


COMPUTED: dict[str, Compute] = {"churn_rate": compute_churn}
