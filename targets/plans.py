"""Services of plans: make one, add people, publish it, have it acknowledged. Each is one transaction.

Targets themselves are written by `cells.py`.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history, update_change_reason

from crmsync.departments import list_below, list_members
from crmsync.models import Department, Employee, Portal
from kpis.periods import Period
from targets.errors import PlanError
from targets.models import PlanMember, PlanStatus, Scheme, Target, TargetPlan

HUNDRED = Decimal(100)


@transaction.atomic
def create_plan(
    portal: Portal,
    period: Period,
    *,
    name: str,
    scheme: Scheme,
    by: Any,
    department: Department | None = None,
    employees: Iterable[Employee] | None = None,
) -> TargetPlan:
    """Make a draft for the people of a department and those below it, or for chosen ones.

    Raises: PlanError for a period that is no month, quarter or year, and for people who have a plan for it already.
    """
    check_period(period)
    plan = TargetPlan(
        portal=portal,
        name=name,
        period_key=period.key,
        start_on=period.start,
        end_on=period.end,
        department=department,
        scheme=scheme,
    )
    plan._history_user = by  # type: ignore[attr-defined]
    plan.save()
    add_members(plan, list_people(portal, department) if employees is None else employees, by=by)
    return plan


def check_period(period: Period) -> None:
    """Check that a period is one that plans are made for. Raises: PlanError."""
    if not (period.start.day == period.end.day == 1 and len(period.key) in (4, 7)):
        raise PlanError(_("A plan is for a month, a quarter or a year: write 2026-10, 2026-Q4 or 2026."))


def list_people(portal: Portal, department: Department | None) -> list[Employee]:
    """List the active people of a department and those below it; without one, of the whole portal."""
    people = Employee.objects.live().filter(portal=portal, is_active=True)
    if department is not None:
        people = people.filter(pk__in=list_members(list_below([department], portal=portal)))
    return list(people.order_by("last_name", "first_name", "pk"))


@transaction.atomic
def add_members(plan: TargetPlan, employees: Iterable[Employee], *, by: Any) -> list[PlanMember]:
    """Add people to a draft or published plan. Raises: PlanError when one has a plan for this period already."""
    wanted = list(employees)
    taken = PlanMember.objects.filter(employee__in=wanted, period_key=plan.period_key).select_related("employee")
    names = sorted(str(member.employee) for member in taken)
    if names:
        raise PlanError(
            _("%(names)s: already in another plan for %(period)s; remove them there or leave them out here.")
            % {"names": ", ".join(names), "period": plan.period_key}
        )
    members = [PlanMember(plan=plan, employee=each, period_key=plan.period_key) for each in wanted]
    bulk_create_with_history(members, PlanMember, default_user=by)
    return list(PlanMember.objects.filter(plan=plan, employee__in=wanted).order_by("pk"))


@transaction.atomic
def publish(plan: TargetPlan, *, by: Any, now: datetime) -> None:
    """Publish a draft: from now on its managers see it, and a changed target keeps the published one beside it.

    Raises: PlanError for a plan that is no draft, and for weights that do not sum to 100.
    """
    locked = lock_plan(plan.pk)
    if locked.status != PlanStatus.DRAFT:
        raise PlanError(_("The plan is published already."))
    targets = list(Target.objects.filter(member__plan=locked).select_related("member__employee"))
    check_weights(targets)
    for target in targets:
        target.published_value = target.value
    reason = _("published")
    bulk_update_with_history(targets, Target, ["published_value"], default_user=by, default_change_reason=reason)
    locked.status, locked.published_at, locked.revision = PlanStatus.PUBLISHED, now, locked.revision + 1
    locked._history_user = by  # type: ignore[attr-defined]
    locked.save(update_fields=["status", "published_at", "revision"])
    update_change_reason(locked, reason)
    plan.refresh_from_db()


def check_weights(targets: Collection[Target]) -> None:
    """Check that the weights of everybody who has targets sum to 100. Raises: PlanError naming who is off."""
    if not targets:
        raise PlanError(_("The plan has no targets yet: enter at least one."))
    # By member, not by name: two employees may have the same one.
    sums: dict[int, Decimal] = {}
    names = {target.member_id: str(target.member.employee) for target in targets}
    for target in targets:
        sums[target.member_id] = sums.get(target.member_id, Decimal(0)) + target.weight
    wrong = sorted(f"{names[key]} ({weight.normalize():f})" for key, weight in sums.items() if weight != HUNDRED)
    if wrong:
        raise PlanError(_("Weights must sum to 100 for each employee; they do not for: %s.") % ", ".join(wrong))


@transaction.atomic
def acknowledge(member: PlanMember, *, by: Any, now: datetime) -> bool:
    """Note that a manager has seen his published plan. Returns whether that is new. Raises: PlanError for a draft."""
    if member.plan.status == PlanStatus.DRAFT:
        raise PlanError(_("The plan is a draft: it can be acknowledged when it is published."))
    changed = PlanMember.objects.filter(pk=member.pk, acknowledged_at=None).update(acknowledged_at=now)
    if changed:
        member.refresh_from_db()
        member._history_user = by  # type: ignore[attr-defined]
        member.save(update_fields=["acknowledged_at"])
        update_change_reason(member, _("acknowledged"))
    return bool(changed)


def lock_plan(plan_id: int) -> TargetPlan:
    """Lock a plan until the transaction ends: its targets, scorecards and their states change one after another."""
    return TargetPlan.objects.select_for_update().get(pk=plan_id)


def touch_plan(plan: TargetPlan) -> None:
    """Count a change of a plan, so that whoever has an older copy notices."""
    TargetPlan.objects.filter(pk=plan.pk).update(revision=F("revision") + 1)
