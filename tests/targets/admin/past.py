"""A team's past year, for pages that show it beside targets."""

from datetime import date
from decimal import Decimal

from crmsync.models import Employee, Portal
from kpis.models import MonthlyFact
from kpis.periods import add_months


def fill_past(portal: Portal, people: list[Employee], *, until: date, months: int = 13) -> None:
    """Fill the months before a day: revenue, deals and leads grow by a tenth of the first month, each month."""
    rows = [
        MonthlyFact(
            portal=portal,
            employee=who,
            month=add_months(until, -back),
            deals_won=10 + place + months - back,
            revenue=Decimal(100_000 * (10 + place + months - back)),
            leads_received=60 + 5 * place,
            requests_answered=30,
            response_seconds=30 * 60 * (40 - place),
            csat_responses=20,
            csat_satisfied=15 + place % 4,
        )
        for place, who in enumerate(people)
        for back in range(1, months + 1)
    ]
    MonthlyFact.objects.bulk_create(rows)
