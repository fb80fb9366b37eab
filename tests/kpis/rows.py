"""The facts as plain values, for comparisons in tests."""

from typing import Any

from crmsync.models import Employee, Portal
from kpis.facts import rebuild
from kpis.measures import BY_KEY
from kpis.models import DailyFact, MonthlyFact

Rows = list[tuple[Any, ...]]


def read_facts(portal: Portal) -> tuple[Rows, Rows]:
    """Read every daily and monthly fact of the portal, without their own ids."""
    daily = DailyFact.objects.filter(portal=portal).values_list("employee_id", "day", *BY_KEY)
    monthly = MonthlyFact.objects.filter(portal=portal).values_list("employee_id", "month", *BY_KEY)
    return sorted(daily, key=repr), sorted(monthly, key=repr)


def read_cell(portal: Portal, employee: Employee | None, day: Any) -> dict[str, Any]:
    """Read the measures of one cell that are not zero; empty when it has no row."""
    rows = DailyFact.objects.filter(portal=portal, employee=employee, day=day).values(*BY_KEY)
    return {key: value for row in rows for key, value in row.items() if value}


def read_rebuilt(portal: Portal) -> tuple[Rows, Rows]:
    """Read the facts after computing all of them anew."""
    rebuild(portal)
    return read_facts(portal)
