"""Service: a yearly plan becomes twelve monthly drafts; sums follow a seasonal profile and sum to the year again."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kpis.catalog import BY_KEY
from kpis.kpi import Kpi
from kpis.periods import Period, split
from targets.actuals import is_cumulative
from targets.cells import FIELDS, Cell, write_cells
from targets.distribution import share_out
from targets.errors import PlanError
from targets.models import SeasonalProfile, Target, TargetPlan
from targets.numbers import find_step
from targets.plans import create_plan

LEVELS = ("value", "threshold", "stretch")


@transaction.atomic
def make_monthly_plans(year: TargetPlan, profile: SeasonalProfile, *, by: Any) -> list[TargetPlan]:
    """Make twelve drafts of a yearly plan's name and people. All of them or none.

    Raises: PlanError for a plan that is for no year, has no targets, or whose people have a plan for a month already.
    """
    targets = list(Target.objects.filter(member__plan=year, kpi__in=BY_KEY).select_related("member"))
    check_year(year, profile, targets)
    people = [member.employee for member in year.members.select_related("employee")]
    months = split(year.period, every="month")
    spread = {target.pk: spread_target(target, profile.shares) for target in targets}
    return [
        make_month(year, month, people, [(target, spread[target.pk][place]) for target in targets], by=by)
        for place, month in enumerate(months)
    ]


def check_year(year: TargetPlan, profile: SeasonalProfile, targets: Sequence[Target]) -> None:
    """Check that a plan can be spread over months. Raises: PlanError."""
    if len(year.period_key) != 4 or year.portal_id != profile.portal_id:
        raise PlanError(_("Only a plan for a year is spread over months."))
    if not targets:
        raise PlanError(_("The plan has no targets yet: enter at least one."))


def make_month(
    year: TargetPlan, month: Period, people: list[Any], cells: list[tuple[Target, dict[str, Any]]], *, by: Any
) -> TargetPlan:
    """Make the draft of one month."""
    plan = create_plan(year.portal, month, name=year.name, scheme=year.scheme, by=by, employees=people)
    TargetPlan.objects.filter(pk=plan.pk).update(department=year.department)
    members = dict(plan.members.values_list("employee_id", "pk"))
    write_cells(
        plan,
        [
            Cell(member=members[target.member.employee_id], kpi=target.kpi, version=0, values=values)
            for target, values in cells
        ],
        by=by,
        reason=_("from the plan for %(year)s") % {"year": year.period_key},
    )
    return plan


def spread_target(target: Target, shares: Sequence[Decimal]) -> list[dict[str, Any]]:
    """Spread a yearly target over the months: sums by the shares, everything else is the same in each month."""
    kpi = BY_KEY[target.kpi]
    months: list[dict[str, Any]] = [{name: getattr(target, name) for name in FIELDS} for _share in shares]
    if is_cumulative(kpi):
        for name in LEVELS:
            for month, part in zip(months, spread_sum(getattr(target, name), shares, kpi), strict=True):
                month[name] = part
    return months


def spread_sum(total: Decimal | None, shares: Sequence[Decimal], kpi: Kpi) -> list[Decimal | None]:
    """Spread a sum over the months to its last unit. Empty: None where nothing falls into a month."""
    if total is None:
        return [None] * len(shares)
    return [part or None for part in share_out(total, shares, step=find_step(kpi.unit))]
