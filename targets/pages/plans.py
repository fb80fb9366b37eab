"""Selector: the published plan that an employee has for a period, his scorecard, and what became of it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from crmsync.models import Employee
from kpis.periods import Period
from targets.models import Adjustment, PlanMember, PlanStatus, Scorecard, ScorecardEvent
from targets.pages.periods import find_following


@dataclass(frozen=True, slots=True)
class Found:
    """The plan that an employee has for a period, and his scorecard. Empty: None for what is not there."""

    member: PlanMember | None
    card: Scorecard | None
    has_following: bool

    @property
    def is_promised(self) -> bool:
        """Whether there is a plan that still counts for something: its scorecard is not closed."""
        return self.member is not None and not (self.card and self.card.is_frozen)

    @property
    def is_scored(self) -> bool:
        """Whether there is a case that was scored."""
        return bool(self.card and self.card.inputs)


def find_plan(employee: Employee, period: Period, *, today: date) -> Found:
    """Find the published plan of a period with its scorecard, and whether there is anything in the period after."""
    following = find_following(period)
    plans = PlanMember.objects.filter(employee=employee, period_key__in=[period.key, following.key])
    published = plans.exclude(plan__status=PlanStatus.DRAFT)
    related = published.select_related("plan", "scorecard__scheme_version__scheme")
    members = {member.period_key: member for member in related}
    member = members.get(period.key)
    card: Scorecard | None = getattr(member, "scorecard", None)
    if card is not None:
        card.employee = employee
    return Found(member, card, following.key in members or following.start <= today)


def find_member(employee: Employee, period: Period) -> PlanMember | None:
    """Find the member of a period's published plan. Empty: None where there is none."""
    published = PlanMember.objects.exclude(plan__status=PlanStatus.DRAFT).select_related("plan")
    return published.filter(employee=employee, period_key=period.key).first()


def read_events(card: Scorecard) -> list[ScorecardEvent]:
    """Read the steps of a scorecard, the oldest first."""
    return list(card.events.select_related("by").order_by("pk"))


def read_adjustments(card: Scorecard) -> list[Adjustment]:
    """Read what is settled in a scorecard, and what corrects it in others."""
    rows = Adjustment.objects.filter(Q(scorecard=card) | Q(origin=card))
    return list(rows.select_related("scorecard").order_by("pk"))
