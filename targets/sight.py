"""Whose plans a user sees: a plan is his when all of its members are visible to him, and it has any."""

from django.db.models import Exists, OuterRef, QuerySet

from crmsync.access import User, find_sight, visible_to
from targets.models import PlanMember, TargetPlan


def plans_seen_by(user: User, plans: QuerySet[TargetPlan]) -> QuerySet[TargetPlan]:
    """Keep the plans that a user sees; one with a single stranger among its members is absent for him."""
    sight = find_sight(user)
    if sight.everything:
        return plans
    members = PlanMember.objects.filter(plan=OuterRef("pk"))
    mine = visible_to(sight, members)
    strangers = members.exclude(employee__in=sight.employees)
    return plans.filter(Exists(mine), ~Exists(strangers))
