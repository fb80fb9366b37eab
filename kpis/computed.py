"""KPIs that do not add up: each is computed for the very period and group by the function under its key."""

from collections.abc import Callable, Collection, Sequence

from crmsync.models import Portal
from kpis.catalog import BY_KEY
from kpis.churn import find_churns
from kpis.kpi import Result, divide
from kpis.models import KpiOptions
from kpis.periods import Period

# By the employee's primary key, None for the team, in the order asked for.
Results = dict[int | None, Result]
People = Sequence[int | None]
# Takes the portal, the periods, whom to compute for in each (None: the team), the employees that make the team
# (None: all), and the portal's options; answers for each period.
Compute = Callable[[Portal, Sequence[Period], Sequence[People], Collection[int] | None, KpiOptions], list[Results]]


def compute_churn(
    portal: Portal,
    periods: Sequence[Period],
    people: Sequence[People],
    team: Collection[int] | None,
    options: KpiOptions,
) -> list[Results]:
    """Compute the churn rate."""
    scale = BY_KEY["churn_rate"].scale
    churns = find_churns(portal, periods, employees=team, churn_days=options.churn_days)
    counts = [churn.count(team) for churn in churns]
    return [
        {
            who: Result(divide(lost, at_start, scale=scale), lost, at_start)
            for who, (lost, at_start) in ((each, found.get(each, (0, 0))) for each in asked)
        }
        for found, asked in zip(counts, people, strict=True)
    ]


COMPUTED: dict[str, Compute] = {"churn_rate": compute_churn}
