"""Service: what the CRM has changed in closed periods becomes dated adjustments in the oldest open one.

The closed scorecard's rules and targets stay; only what was reached is read again. What is owed by them, less what
was paid and adjusted before, is the adjustment: a win that is reversed and won back ends at zero.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from targets.actuals import Actual, read_actuals
from targets.cases import count_sample, round_interval, write_optional
from targets.evidence import list_changed_deals
from targets.models import Adjustment, SchemeVersion, Scorecard, TargetPlan
from targets.models.scorecards import FOLLOWING, FROZEN
from targets.scoring.case import read_case
from targets.scoring.lines import Case
from targets.scoring.outcome import Outcome, score

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is owed for a closed period by what is known today, and what has been settled of it."""

    card: Scorecard
    owed: Decimal
    settled: Decimal
    steps: int

    @property
    def amount(self) -> Decimal:
        """What is left to settle."""
        return self.owed - self.settled


def settle_plan(plan: TargetPlan, *, now: datetime) -> list[Adjustment]:
    """Settle the differences of a plan's closed scorecards. Empty: nothing where nobody has an open period."""
    written = [settle(each, now=now) for each in find_differences(plan, now=now) if each.amount]
    return [adjustment for adjustment in written if adjustment]


def find_differences(plan: TargetPlan, *, now: datetime) -> list[Difference]:
    """Find what is owed for the closed scorecards of a plan by what is known today, as each of them counted."""
    cards = Scorecard.objects.filter(member__plan=plan, state__in=FROZEN).order_by("pk")
    known = list(cards.select_related("employee", "portal", "scheme_version"))
    found: list[Difference] = []
    for counts in SchemeVersion.Counts:
        mine = [card for card in known if card.scheme_version and card.scheme_version.counts == counts]
        actuals = read_actuals(
            plan.portal,
            plan.period,
            kpis={line["kpi"] for card in mine for line in card.inputs["lines"]},
            employees=[card.employee_id for card in mine],
            now=now,
            counts_paid=counts == SchemeVersion.Counts.PAID,
        )
        found += [measure_difference(card, actuals[card.employee_id]) for card in mine]
    return found


def measure_difference(card: Scorecard, actuals: Mapping[str, Actual]) -> Difference:
    """Measure what is owed for one closed scorecard, by its own rules."""
    before = card.corrections.aggregate(total=Sum("amount"))["total"]
    settled = (card.payout or NOTHING) + (before or NOTHING)
    return Difference(card, owe(score(correct(read_case(card.inputs), actuals))), settled, card.corrections.count())


def correct(case: Case, actuals: Mapping[str, Actual]) -> Case:
    """Put what was reached, as it is known today, into a stored case."""
    lines = [
        replace(
            line,
            actual=write_optional(actuals[line.kpi].result.value),
            sample=count_sample(actuals[line.kpi]),
            interval=round_interval(actuals[line.kpi]),
        )
        if line.kpi in actuals
        else line
        for line in case.lines
    ]
    return replace(case, lines=tuple(lines))


def owe(outcome: Outcome) -> Decimal:
    """Tell what is owed: what is paid, and what did not fit below zero."""
    return (outcome.payout or NOTHING) + outcome.carried_over


def settle(difference: Difference, *, now: datetime) -> Adjustment | None:
    """Write one adjustment, once per cause. Empty: None without an open period, and when another was faster."""
    card, told = difference.card, {"period": difference.card.period_key}
    target = find_open_card(card)
    if target is None:
        return None
    try:
        with transaction.atomic():
            return Adjustment.objects.create(
                scorecard=target,
                origin=card,
                cause=name_cause(difference),
                amount=difference.amount,
                reason=_("what is known today of %(period)s differs from what was closed") % told,
                records=list_changed_deals(card),
                dated_on=now.astimezone(card.portal.zone).date(),
            )
    except IntegrityError:
        # The constraint speaks: another worker has settled this very difference.
        return None


def find_open_card(card: Scorecard) -> Scorecard | None:
    """Find the employee's oldest scorecard that is still computed."""
    open_cards = Scorecard.objects.filter(employee=card.employee_id, state__in=FOLLOWING).exclude(pk=card.pk)
    return open_cards.order_by("start_on", "pk").first()


def name_cause(difference: Difference) -> str:
    """Name a difference: the same twice at the same step is one cause, the same after another is a new one."""
    told = f"{difference.card.pk} {difference.steps} {difference.owed} {difference.settled}"
    return hashlib.sha256(told.encode()).hexdigest()


def describe_differences(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """Describe differences for people and JSON, those that are settled left out."""
    return [
        {
            "employee": each.card.employee.external_id,
            "period": each.card.period_key,
            "owed": str(each.owed),
            "settled": str(each.settled),
            "amount": str(each.amount),
        }
        for each in differences
        if each.amount
    ]
