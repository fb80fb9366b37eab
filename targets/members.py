"""Service: people of a plan are added and taken out together, with their targets; never the last one."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crmsync.models import Employee
from targets.errors import PlanError
from targets.models import PlanMember, PlanStatus, Scorecard, TargetPlan
from targets.plans import add_members, touch_plan


@transaction.atomic
def change_members(
    plan: TargetPlan, *, add: Collection[Employee], remove: Collection[PlanMember], by: Any
) -> tuple[int, int]:
    """Add people to a plan and take others out. Returns how many were added and taken out.

    Raises: PlanError for a closed plan, for who has another plan or a scorecard, and when nobody would be left.
    """
    locked = TargetPlan.objects.select_for_update().get(pk=plan.pk)
    if locked.status == PlanStatus.CLOSED:
        raise PlanError(_("The plan is closed: its people cannot be changed."))
    if add:
        add_members(locked, add, by=by)
    for member in remove:
        check_removable(member)
        member._history_user = by  # type: ignore[attr-defined]
        member.delete()
    if not locked.members.exists():
        raise PlanError(_("A plan needs at least one employee: add another one first, or delete the draft."))
    touch_plan(locked)
    return len(add), len(remove)


def check_removable(member: PlanMember) -> None:
    """Check that nothing was computed for an employee under this plan. Raises: PlanError."""
    if Scorecard.objects.filter(member=member).exists():
        raise PlanError(
            _("%(name)s has a scorecard of this plan already and stays in it: take his targets away instead.")
            % {"name": member.employee}
        )
