"""Which targets and scorecards a user sees, and which of them a request means."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from crmsync.access import Sight, User, find_roles, visible_to
from crmsync.models import Account, Role
from kpis.api.sights import choose_portal
from targets.models import Adjustment, PlanStatus, Scorecard, ScorecardEvent, Target

# Who makes plans sees drafts; a manager sees what is published.
PLANNERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.HEAD})


def select_targets(sight: Sight, user: User) -> "QuerySet[Target]":
    """Select the targets that a user sees."""
    rows = visible_to(sight, Target.objects.select_related("member__plan", "member__employee"))
    return rows if find_roles(user) & PLANNERS else rows.exclude(member__plan__status=PlanStatus.DRAFT)


def narrow_targets(rows: "QuerySet[Target]", asked: dict[str, Any], *, sight: Sight) -> "QuerySet[Target]":
    """Keep the targets that the parameters mean, in their order."""
    if asked["portal"] is not None:
        rows = rows.filter(member__plan__portal=choose_portal(sight, asked["portal"]))
    if asked["period"] is not None:
        rows = rows.filter(member__period_key=asked["period"].key)
    if asked["employee"] is not None:
        rows = rows.filter(member__employee__external_id=asked["employee"])
    if asked["kpi"] is not None:
        rows = rows.filter(kpi=asked["kpi"])
    return rows.order_by("-member__plan__start_on", "member__employee__last_name", "member__employee", "kpi", "pk")


def select_cards(sight: Sight) -> "QuerySet[Scorecard]":
    """Select the scorecards that a user sees, with what their documents read."""
    adjustments = Prefetch("adjustments", Adjustment.objects.select_related("origin").order_by("pk"))
    events = Prefetch("events", ScorecardEvent.objects.select_related("by").order_by("pk"))
    known = Scorecard.objects.select_related("employee", "scheme_version__scheme")
    return visible_to(sight, known.prefetch_related("lines", adjustments, events))


def narrow_cards(rows: "QuerySet[Scorecard]", asked: dict[str, Any], *, sight: Sight) -> "QuerySet[Scorecard]":
    """Keep the scorecards that the parameters mean, in their order."""
    if asked["portal"] is not None:
        rows = rows.filter(portal=choose_portal(sight, asked["portal"]))
    if asked["period"] is not None:
        rows = rows.filter(period_key=asked["period"].key)
    if asked.get("employee") is not None:
        rows = rows.filter(employee__external_id=asked["employee"])
    if asked.get("state") is not None:
        rows = rows.filter(state=asked["state"])
    return rows.order_by("-start_on", "employee__last_name", "employee__first_name", "pk")


def keep_own(rows: "QuerySet[Scorecard]", user: User) -> "QuerySet[Scorecard]":
    """Keep the scorecards of the employees that a user is."""
    return rows.filter(employee__in=Account.objects.filter(user=user.pk).values("employee"))
