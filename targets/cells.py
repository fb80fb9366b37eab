"""Service of the plan grid: changed cells are written together, or none of them is.

Every cell carries the version that its editor was shown, so two editors never overwrite each other silently.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from kpis.catalog import BY_KEY
from targets.errors import PlanError, StaleError
from targets.models import PlanMember, PlanStatus, Scorecard, Target, TargetPlan
from targets.models.scorecards import FOLLOWING
from targets.plans import lock_plan, touch_plan

FIELDS = ("value", "weight", "threshold", "stretch", "min_sample")
MOST_DIGITS = Decimal(10) ** 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One changed target: whose, of which KPI, the version that was shown (0 for none), and what to store.

    Fields that are left out stay as they are.
    """

    member: int
    kpi: str
    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What a save did."""

    created: int
    changed: int
    same: int


@transaction.atomic
def write_cells(plan: TargetPlan, cells: Sequence[Cell], *, by: Any, reason: str = "") -> Written:
    """Write changed targets with their author and reason.

    Raises: StaleError naming the cells that others have changed meanwhile; PlanError for values that cannot be, for a
    closed plan, and for a published one without a reason.
    """
    locked = lock_plan(plan.pk)
    check_open(locked, reason)
    members = {member.pk: member for member in locked.members.select_related("employee")}
    stored = {(target.member_id, target.kpi): target for target in Target.objects.filter(member__plan=locked)}
    for cell in cells:
        check_cell(cell, members)
    check_following(cells, members)
    check_fresh(cells, stored, members)
    fresh = [cell for cell in cells if (cell.member, cell.kpi) not in stored]
    changed = [
        target
        for cell in cells
        if (target := stored.get((cell.member, cell.kpi))) is not None and apply(target, cell.values, by=by)
    ]
    added = [make_target(members[cell.member], cell, by=by) for cell in fresh]
    bulk_create_with_history(added, Target, default_user=by, default_change_reason=reason)
    fields = [*FIELDS, "version", "changed_by"]
    bulk_update_with_history(changed, Target, fields, default_user=by, default_change_reason=reason)
    if added or changed:
        touch_plan(locked)
    return Written(len(added), len(changed), len(cells) - len(added) - len(changed))


def check_open(plan: TargetPlan, reason: str) -> None:
    """Check that a plan's targets may be changed. Raises: PlanError."""
    if plan.status == PlanStatus.CLOSED:
        raise PlanError(_("The plan is closed: its targets cannot be changed."))
    if plan.status == PlanStatus.PUBLISHED and not reason.strip():
        raise PlanError(_("The plan is published: say why the targets change."))


def check_following(cells: Iterable[Cell], members: Mapping[int, PlanMember]) -> None:
    """Check that nobody's scorecard is approved already: it would not follow. Raises: PlanError naming whose is."""
    wanted = {cell.member for cell in cells}
    fixed = Scorecard.objects.filter(member__in=wanted).exclude(state__in=FOLLOWING).values_list("member", flat=True)
    names = sorted({str(members[key].employee) for key in fixed})
    if names:
        raise PlanError(
            _("%s: the scorecard is approved, so targets stay; send it back to review first.") % ", ".join(names)
        )


def check_cell(cell: Cell, members: Mapping[int, PlanMember]) -> None:
    """Check that a cell can be stored. Raises: PlanError."""
    if cell.member not in members:
        raise PlanError(_("An employee of this table is not in the plan any more: open the page anew."))
    if cell.kpi not in BY_KEY or BY_KEY[cell.kpi].team_only:
        raise PlanError(_("There is no KPI “%(key)s” that an employee can have a target for.") % {"key": cell.kpi})
    for name in ("value", "threshold", "stretch"):
        check_amount(cell, members, cell.values.get(name))
    weight = cell.values.get("weight")
    if weight is not None and not 0 <= weight <= 100:
        raise PlanError(name_cell(cell, members) + _("a weight is between 0 and 100."))


def check_amount(cell: Cell, members: Mapping[int, PlanMember], value: Decimal | None) -> None:
    """Check a target or a level. Raises: PlanError."""
    if value is None:
        return
    if value <= 0:
        raise PlanError(
            name_cell(cell, members) + _("a target must be greater than zero; leave it empty for no target.")
        )
    if value >= MOST_DIGITS or value.as_tuple().exponent < -6:  # type: ignore[operator]
        raise PlanError(name_cell(cell, members) + _("a target has at most 12 digits and 6 decimals."))


def check_fresh(
    cells: Sequence[Cell], stored: Mapping[tuple[int, str], Target], members: Mapping[int, PlanMember]
) -> None:
    """Check that nobody has changed these cells since they were shown. Raises: StaleError naming all that were."""
    stale = []
    for cell in cells:
        target = stored.get((cell.member, cell.kpi))
        if (target.version if target else 0) != cell.version and not (target and is_same(target, cell.values)):
            who = str(target.changed_by) if target and target.changed_by else _("somebody")
            stale.append(f"{members[cell.member].employee}, {BY_KEY[cell.kpi].name} ({who})")
    if stale:
        raise StaleError(
            _("Others have changed these targets meanwhile, nothing was saved: %s. Open the page anew and compare.")
            % "; ".join(stale)
        )


def name_cell(cell: Cell, members: Mapping[int, PlanMember]) -> str:
    """Name a cell at the head of a sentence."""
    return f"{members[cell.member].employee}, {BY_KEY[cell.kpi].name}: "


def is_same(target: Target, values: Mapping[str, Any]) -> bool:
    """Say whether a target is what a cell wants already."""
    return all(getattr(target, name) == value for name, value in values.items())


def apply(target: Target, values: Mapping[str, Any], *, by: Any) -> bool:
    """Put values into a target; says whether that changed it."""
    if is_same(target, values):
        return False
    for name, value in values.items():
        setattr(target, name, value)
    target.version += 1
    target.changed_by = by
    return True


def make_target(member: PlanMember, cell: Cell, *, by: Any) -> Target:
    """Make a new target; one that is added to a published plan was published as nothing."""
    return Target(member=member, kpi=cell.kpi, changed_by=by, **cell.values)
