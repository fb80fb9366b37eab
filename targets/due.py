"""Selector: which plans have something to do: open scorecards to compute, closed ones to settle."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from targets.models import PlanStatus, Scorecard, TargetPlan
from targets.models.scorecards import FOLLOWING, FROZEN

# What changes in older periods is history: nobody's pay is reopened for it by itself.
SETTLED_FOR = timedelta(days=400)


def list_followed(now: datetime) -> list[int]:
    """List the published plans that have begun and have a scorecard to compute, or to add."""
    started = TargetPlan.objects.filter(status=PlanStatus.PUBLISHED, start_on__lte=(now + timedelta(days=1)).date())
    following = Scorecard.objects.filter(member__plan=OuterRef("pk"), state__in=FOLLOWING)
    missing = TargetPlan.objects.filter(pk=OuterRef("pk"), members__isnull=False, members__scorecard=None)
    return list(started.filter(Exists(following) | Exists(missing)).order_by("pk").values_list("pk", flat=True))


def list_settled(now: datetime) -> list[int]:
    """List the plans with closed scorecards of the last year or so."""
    recent = TargetPlan.objects.filter(end_on__gte=(now - SETTLED_FOR).date())
    frozen = Scorecard.objects.filter(member__plan=OuterRef("pk"), state__in=FROZEN)
    return list(recent.filter(Exists(frozen)).order_by("pk").values_list("pk", flat=True))
