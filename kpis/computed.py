"""Measures that do not add up: each group is computed for the very period and people by the function under its KPI."""

from collections.abc import Callable, Collection, Sequence

from crmsync.models import Portal
from kpis.churn import count_churns
from kpis.kpi import Number
from kpis.models import KpiOptions
from kpis.periods import Period

# By the employee's primary key, None for the team: numbers under the measures' keys, 0 for who is not there.
Counts = dict[int | None, dict[str, Number]]
# Takes the portal, the periods, the employees that make the team (None: all) and the portal's options.
Compute = Callable[[Portal, Sequence[Period], Collection[int] | None, KpiOptions], list[Counts]]


def count_customers(
    portal: Portal, periods: Sequence[Period], employees: Collection[int] | None, options: KpiOptions
) -> list[Counts]:
    """Count the customers at the start of each period and those lost by its end."""
    churns = count_churns(portal, periods, employees=employees, churn_days=options.churn_days)
    return [
        {who: {"customers_lost": lost, "customers_at_start": at_start} for who, (lost, at_start) in churn.items()}
        for churn in churns
    ]


COMPUTED: dict[str, Compute] = {"churn_rate": count_customers}
