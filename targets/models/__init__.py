"""Tables of plans, schemes and scorecards."""

from targets.models.credits import DealCorrection, DealShare, Payment
from targets.models.plans import PlanMember, PlanStatus, Target, TargetPlan
from targets.models.schemes import Scheme, SchemeVersion
from targets.models.scorecards import Adjustment, Scorecard, ScorecardEvent, ScorecardLine, State
from targets.models.seasons import SeasonalProfile

__all__ = [
    "Adjustment",
    "DealCorrection",
    "DealShare",
    "Payment",
    "PlanMember",
    "PlanStatus",
    "Scheme",
    "SchemeVersion",
    "Scorecard",
    "ScorecardEvent",
    "ScorecardLine",
    "SeasonalProfile",
    "State",
    "Target",
    "TargetPlan",
]
