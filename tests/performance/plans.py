"""A plan of any size, for measurements."""

from decimal import Decimal

from crmsync.models import Employee, Portal
from kpis.periods import parse_period
from targets.changes import name_field
from targets.models import Scheme, SchemeVersion, Target, TargetPlan
from targets.plans import create_plan
from tests.targets.world import RULES

KPIS = (
    *("deals_won", "revenue", "average_deal", "lead_conversion"),
    *("response_time", "calls_made", "meetings_held", "csat"),
)
OCTOBER = parse_period("2026-10")


def plan_for(portal: Portal, employees: list[int]) -> TargetPlan:
    """Make a plan for October 2026 in which everybody has eight targets."""
    scheme = Scheme.objects.create(portal=portal, name="Sales")
    SchemeVersion.objects.create(scheme=scheme, number=1, effective_on=OCTOBER.start, rules=RULES)
    people = Employee.objects.filter(pk__in=employees)
    plan = create_plan(portal, OCTOBER, name="Sales", scheme=scheme, by=None, employees=people)
    rows = [
        Target(member=member, kpi=kpi, value=Decimal(1000 + place), weight=Decimal("12.5"))
        for place, member in enumerate(plan.members.all())
        for kpi in KPIS
    ]
    Target.objects.bulk_create(rows)
    return plan


def name_fields(plan: TargetPlan, kpi: str, text: str) -> str:
    """Write a text into a whole column, as the page's script sends it."""
    members = plan.members.values_list("pk", flat=True)
    return "\n".join(f"{name_field(member, kpi, 1, 'value')}\t{text}" for member in members)
