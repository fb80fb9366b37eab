"""A small company with a scheme and a plan, for tests of the services of targets."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from crmsync.models import Employee, Portal
from kpis.periods import parse_period
from targets.cells import Cell, write_cells
from targets.models import PlanMember, Scheme, SchemeVersion, TargetPlan
from targets.plans import create_plan

MARCH = parse_period("2026-03")
NOW = datetime(2026, 4, 2, 9, tzinfo=UTC)
RULES: dict[str, Any] = {
    "base": "50000",
    "currency": "RUB",
    "tiers": [["0", "0", "0"], ["70", "70", "1"], ["100", "100", "1.5"]],
    "cap": "150",
    "payout_tiers": None,
    "commission": None,
    "gates": [],
    "gates_on": "all",
    "no_data": "redistribute",
    "maximum": None,
}


def make_scheme(portal: Portal, **rules: Any) -> Scheme:
    scheme = Scheme.objects.create(portal=portal, name="Продажи")
    SchemeVersion.objects.create(scheme=scheme, number=1, effective_on=MARCH.start, rules=RULES | rules)
    return scheme


def make_plan(portal: Portal, people: list[Employee], by: User, **rules: Any) -> TargetPlan:
    return create_plan(portal, MARCH, name="Отдел № 1", scheme=make_scheme(portal, **rules), by=by, employees=people)


def set_target(
    plan: TargetPlan, who: Employee, kpi: str, value: str, *, weight: str, by: User, version: int = 0
) -> None:
    member = PlanMember.objects.get(plan=plan, employee=who)
    values = {"value": Decimal(value), "weight": Decimal(weight)}
    write_cells(plan, [Cell(member=member.pk, kpi=kpi, version=version, values=values)], by=by, reason="план")
