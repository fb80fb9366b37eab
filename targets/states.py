"""Service: the steps of a scorecard, from open to paid and back; each is one transaction, done once, with its author.

open ▸ review ▸ approved ▸ closed ▸ paid. Approved ones are not computed any more; closing fixes the hash. What is
closed is opened again only by somebody else than who closed it, with a reason; what is paid is never opened.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from targets.documents import hash_card, recompute
from targets.errors import PlanError, StaleError
from targets.models import PlanStatus, Scorecard, ScorecardEvent, State, TargetPlan
from targets.models.scorecards import FROZEN
from targets.plans import lock_plan

STEPS = {
    State.OPEN: (State.REVIEW,),
    State.REVIEW: (State.APPROVED, State.OPEN),
    State.APPROVED: (State.CLOSED, State.REVIEW),
    State.CLOSED: (State.PAID, State.OPEN),
    State.PAID: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that somebody wants: to which state, from the one that he was shown, and why."""

    to: State
    shown: State
    by: Any
    now: datetime
    reason: str = ""


@transaction.atomic
def move(card: Scorecard, step: Step) -> Scorecard:
    """Move a scorecard on; whoever asks second for the same step is refused, so that nothing is paid twice.

    Raises: StaleError when it is not in the state that was shown; PlanError for a step that cannot be.
    """
    # The plan's row is what computing holds: a result cannot change between this look and the write.
    plan = lock_plan(card.member.plan_id)
    locked = Scorecard.objects.select_related("scheme_version__scheme").get(pk=card.pk)
    check_step(locked, step)
    changes: dict[str, Any] = {"state": step.to, "revision": F("revision") + 1}
    if step.to in (State.CLOSED, State.OPEN):
        changes["content_hash"] = close(locked) if step.to == State.CLOSED else ""
    write_step(locked, step, changes)
    follow_cards(plan)
    card.refresh_from_db()
    return card


def write_step(card: Scorecard, step: Step, changes: dict[str, Any]) -> None:
    """Write a step while the scorecard is in the state that was shown; the row count decides. Raises: StaleError."""
    if not Scorecard.objects.filter(pk=card.pk, state=step.shown).update(**changes):
        raise StaleError(_("The scorecard has moved on meanwhile: open the page anew."))
    ScorecardEvent.objects.create(
        scorecard=card,
        at=step.now,
        by=step.by,
        before=step.shown,
        after=step.to,
        reason=step.reason.strip(),
        payout=card.payout,
    )


def follow_cards(plan: TargetPlan) -> None:
    """Close a plan with its last scorecard, and open it with the first one that is opened again."""
    cards = Scorecard.objects.filter(member__plan=plan, member__targets__isnull=False)
    status = PlanStatus.PUBLISHED if cards.exclude(state__in=FROZEN).exists() else PlanStatus.CLOSED
    TargetPlan.objects.filter(pk=plan.pk).exclude(status__in=(status, PlanStatus.DRAFT)).update(status=status)


def check_step(card: Scorecard, step: Step) -> None:
    """Check that a step can be done. Raises: StaleError, PlanError."""
    if card.state != step.shown:
        raise StaleError(_("The scorecard has moved on meanwhile: open the page anew."))
    if step.to not in STEPS[State(card.state)]:
        told = {"before": card.get_state_display(), "after": State(step.to).label}
        raise PlanError(_("A scorecard that is %(before)s cannot become %(after)s.") % told)
    if step.to == State.APPROVED and (card.is_held or card.computed_at is None):
        raise PlanError(_("A line has no data and the scheme holds it: decide it before the scorecard is approved."))
    if step.to == State.APPROVED:
        check_current(card)
    if card.state == State.CLOSED and step.to == State.OPEN:
        check_reopening(card, step)


def check_current(card: Scorecard) -> None:
    """Check that a scorecard was computed with the targets of now. Raises: PlanError."""
    lines = dict(card.lines.values_list("kpi", "target_version"))
    if lines != dict(card.member.targets.values_list("kpi", "version")):
        raise PlanError(_("Targets have changed since the scorecard was computed: it is computed anew in ten minutes."))


def check_reopening(card: Scorecard, step: Step) -> None:
    """Check that a second person opens a closed scorecard, and says why. Raises: PlanError."""
    closing = card.events.filter(after=State.CLOSED).order_by("-pk").first()
    if closing is not None and step.by is not None and closing.by_id == step.by.pk:
        raise PlanError(_("Who has closed a scorecard cannot open it again: ask a second person."))
    if not step.reason.strip():
        raise PlanError(_("Say why the scorecard is opened again."))


def close(card: Scorecard) -> str:
    """Make sure that the stored inputs give the stored result, and return the hash of it all. Raises: PlanError."""
    if recompute(card) != card.result:
        raise PlanError(_("The stored inputs do not give the stored result: have the scorecard computed anew."))
    return hash_card(card, card.lines.order_by("place"))
