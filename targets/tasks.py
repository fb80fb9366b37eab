"""Background work of plans: scorecards follow the facts, closed periods are settled. The queue only wakes workers."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from targets.due import list_followed, list_settled
from targets.models import TargetPlan
from targets.scorecards import compute_plan
from targets.settlement import settle_plan

# A wake-up that no worker took by then is dropped: the next run looks again at what is to be done.
EXPIRES = timedelta(minutes=9)


@shared_task
def follow_facts() -> None:
    """Wake a worker for every plan whose scorecards are open, and for every one with closed scorecards."""
    for plan_id in list_followed(timezone.now()):
        compute_scorecards.apply_async_on_commit([plan_id], expires=EXPIRES.total_seconds())  # type: ignore[attr-defined]
    for plan_id in list_settled(timezone.now()):
        settle_scorecards.apply_async_on_commit([plan_id], expires=EXPIRES.total_seconds())  # type: ignore[attr-defined]


@shared_task
def compute_scorecards(plan_id: int) -> None:
    """Compute the open scorecards of a plan anew."""
    compute_plan(TargetPlan.objects.select_related("portal", "scheme").get(pk=plan_id), now=timezone.now())


@shared_task
def settle_scorecards(plan_id: int) -> None:
    """Settle what has changed of a plan's closed scorecards."""
    settle_plan(TargetPlan.objects.select_related("portal").get(pk=plan_id), now=timezone.now())
