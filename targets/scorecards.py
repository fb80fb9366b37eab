"""Service: scorecards follow the facts and the plan while they are open; what is approved stays as it is.

Computing, changing targets and closing hold the same row, the plan's, so none of them sees half of another's work.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from crmsync.upserts import upsert
from targets.actuals import Actuals, read_actuals
from targets.cases import Rules, build_case, find_version, read_rules
from targets.lines import COLUMNS, build_lines, write_fraction
from targets.models import (
    Adjustment,
    PlanMember,
    PlanStatus,
    SchemeVersion,
    Scorecard,
    ScorecardLine,
    Target,
    TargetPlan,
)
from targets.models.scorecards import FOLLOWING
from targets.plans import lock_plan
from targets.proration import Proration, read_prorations
from targets.scoring.canonical import simplify
from targets.scoring.lines import Case
from targets.scoring.outcome import Outcome, score
from targets.scoring.results import describe_case, describe_outcome


@dataclass(frozen=True, slots=True)
class Computed:
    """How many scorecards were computed, and how many of them differ from before."""

    cards: int
    changed: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What the scorecards of a plan are computed from, besides its targets."""

    version: SchemeVersion
    rules: Rules
    actuals: Actuals
    prorations: Mapping[int, Proration]
    now: datetime


def compute_plan(plan: TargetPlan, *, now: datetime) -> Computed:
    """Compute the open scorecards of a published plan anew, adding those that are missing.

    Raises: PlanError for a scheme without a version in force.
    """
    return write_cards(plan, read_ground(plan, now=now))


def read_ground(plan: TargetPlan, *, now: datetime) -> Ground:
    """Read what has been reached. The slow part comes before the lock: what changes meanwhile is computed next time."""
    people = list(PlanMember.objects.filter(plan=plan).values_list("employee_id", flat=True))
    kpis = set(Target.objects.filter(member__plan=plan).values_list("kpi", flat=True))
    version = find_version(plan.scheme.versions.all(), plan=plan)
    paid = version.counts == SchemeVersion.Counts.PAID
    return Ground(
        version=version,
        rules=read_rules(version),
        actuals=read_actuals(plan.portal, plan.period, kpis=kpis, employees=people, now=now, counts_paid=paid),
        prorations=read_prorations(plan.portal, plan.period, employees=people),
        now=now,
    )


@transaction.atomic
def write_cards(plan: TargetPlan, ground: Ground) -> Computed:
    """Score with the targets of this moment and write what differs."""
    locked = lock_plan(plan.pk)
    if locked.status == PlanStatus.DRAFT:
        return Computed(0, 0)
    add_cards(locked, ground)
    following = Scorecard.objects.filter(member__plan=locked, state__in=FOLLOWING, employee__in=ground.actuals)
    cards = list(following.select_related("member"))
    targets = gather(Target.objects.filter(member__plan=locked), "member_id")
    adjustments = gather(Adjustment.objects.filter(scorecard__in=cards).order_by("pk"), "scorecard_id")
    lines = read_lines(cards)
    changed = []
    for card in cards:
        fresh = score_card(card, targets[card.member_id], adjustments[card.pk], ground)
        if fresh is not None and (fresh.is_changed or list_values(fresh.lines) != lines[card.pk]):
            changed.append(fresh)
    save_cards(cards, changed)
    drop_lines(changed, lines)
    return Computed(len(cards), len(changed))


def gather(rows: Iterable[Any], column: str) -> defaultdict[int, list[Any]]:
    """Gather rows by a column."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found


def add_cards(plan: TargetPlan, ground: Ground) -> None:
    """Add the scorecards of members who have none yet."""
    Scorecard.objects.bulk_create(
        Scorecard(
            portal_id=plan.portal_id,
            member=member,
            employee_id=member.employee_id,
            period_key=plan.period_key,
            start_on=plan.start_on,
            end_on=plan.end_on,
            currency=ground.version.rules["currency"],
        )
        for member in PlanMember.objects.filter(plan=plan, scorecard=None, employee__in=ground.actuals)
    )


@dataclass(frozen=True, slots=True)
class Fresh:
    """A scorecard with new figures in place, its lines, and whether the figures differ from those stored."""

    card: Scorecard
    lines: Sequence[ScorecardLine]
    is_changed: bool


def score_card(
    card: Scorecard, targets: Sequence[Target], adjustments: Sequence[Adjustment], ground: Ground
) -> Fresh | None:
    """Score one employee and put the figures into his scorecard. Empty: None for who has no target at all."""
    if not targets:
        return None
    actuals, proration = ground.actuals[card.employee_id], ground.prorations[card.employee_id]
    case = build_case(card.member, targets, actuals, rules=ground.rules, proration=proration, adjustments=adjustments)
    outcome = score(case)
    before = card.inputs, card.result, card.proration, card.scheme_version_id
    fill_card(card, case, outcome, proration=proration, ground=ground)
    is_changed = before != (card.inputs, card.result, card.proration, card.scheme_version_id)
    return Fresh(card, build_lines(case, outcome, targets=targets, actuals=actuals), is_changed)


def fill_card(card: Scorecard, case: Case, outcome: Outcome, *, proration: Proration, ground: Ground) -> None:
    """Put a case and its outcome into a scorecard."""
    card.inputs, card.result = describe_case(case), describe_outcome(outcome)
    card.proration = describe_proration(proration)
    card.scheme_version, card.currency = ground.version, outcome.currency
    card.total_score = write_fraction(outcome.score)
    card.payout, card.carried_over, card.is_held = outcome.payout, outcome.carried_over, outcome.is_held
    marks = [actual.through for actual in ground.actuals[card.employee_id].values()]
    card.through = None if None in marks else min((mark for mark in marks if mark), default=None)
    card.computed_at = ground.now


def describe_proration(proration: Proration) -> dict[str, Any]:
    """Describe the working days of a period and the absences that took some of them."""
    away = [{name: getattr(each, name) for name in each.__dataclass_fields__} for each in proration.away]
    described: dict[str, Any] = simplify({"worked": proration.worked, "days": proration.days, "away": away})
    return described


def list_values(lines: Iterable[ScorecardLine]) -> list[tuple[Any, ...]]:
    """List what lines say, whosever they are."""
    return [tuple(getattr(line, column) for column in COLUMNS) for line in lines]


def read_lines(cards: Iterable[Scorecard]) -> defaultdict[int, list[tuple[Any, ...]]]:
    """Read what stored lines say, by scorecard, as plain values: thousands are compared."""
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    rows = ScorecardLine.objects.filter(scorecard__in=cards).order_by("scorecard", "place")
    for key, *values in rows.values_list("scorecard_id", *COLUMNS):
        found[key].append(tuple(values))
    return found


def save_cards(cards: Sequence[Scorecard], changed: Sequence[Fresh]) -> None:
    """Write how fresh all scorecards are, and the figures and lines of those that differ."""
    for through in {card.through for card in cards}:
        same = [card.pk for card in cards if card.through == through]
        Scorecard.objects.filter(pk__in=same).update(through=through, computed_at=cards[0].computed_at)
    upsert(Scorecard, [name_columns(fresh.card) for fresh in changed], unique=("employee", "period_key"))
    rows = [name_columns(line) | {"scorecard_id": fresh.card.pk} for fresh in changed for line in fresh.lines]
    upsert(ScorecardLine, rows, unique=("scorecard", "kpi"))


def name_columns(row: Model) -> dict[str, Any]:
    """Give a row as columns, without the key that the database numbers."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def drop_lines(changed: Iterable[Fresh], stored: Mapping[int, Sequence[tuple[Any, ...]]]) -> None:
    """Delete the lines of targets that are gone."""
    place = COLUMNS.index("kpi")
    for fresh in changed:
        gone = {row[place] for row in stored.get(fresh.card.pk, ())} - {line.kpi for line in fresh.lines}
        if gone:
            ScorecardLine.objects.filter(scorecard=fresh.card, kpi__in=gone).delete()
