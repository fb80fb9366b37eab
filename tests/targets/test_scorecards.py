"""From deals to a payout: what a scorecard copies, when it follows, when it stands still, and that it can be proved."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from crmsync.models import Portal
from kpis.facts import refill
from kpis.models import Absence
from targets.errors import PlanError, StaleError
from targets.models import Scorecard, State, TargetPlan
from targets.plans import publish
from targets.scorecards import Computed, compute_plan
from targets.states import Step, move
from tests.conftest import Cast
from tests.kpis.mirror import touch, win_deal
from tests.targets.world import NOW, make_plan, set_target

PATH = (State.OPEN, State.REVIEW, State.APPROVED, State.CLOSED, State.PAID)


@pytest.fixture
def plan(portal: Portal, cast: Cast, head: User) -> TargetPlan:
    """Bob is to sell for 1,000 in two deals; he has sold for 800 in two."""
    plan = make_plan(portal, [cast.bob, cast.carol], head)
    set_target(plan, cast.bob, "revenue", "1000", weight="60", by=head)
    set_target(plan, cast.bob, "deals_won", "2", weight="40", by=head)
    publish(plan, by=head, now=NOW)
    for amount in ("300", "500"):
        sell(portal, cast.bob, amount)
    return plan


def sell(portal: Portal, who: Any, amount: str) -> None:
    win_deal(portal, date(2026, 3, 10), who, amount)
    touch(portal, date(2026, 3, 10), who)
    refill(portal)


def walk(card: Scorecard, to: State, by: User, reason: str = "") -> Scorecard:
    place = PATH.index(State(card.state))
    for shown, following in zip(PATH[place:], PATH[place + 1 : PATH.index(to) + 1], strict=False):
        move(card, Step(to=following, shown=shown, by=by, now=NOW, reason=reason))
    return card


def test_plan_and_deals_become_a_payout(plan: TargetPlan, cast: Cast) -> None:
    """80 % of revenue scores 80, weight 60: 48; 100 % of deals scores 100, weight 40: 40; 88 % of 50,000 is 44,000."""
    assert compute_plan(plan, now=NOW) == Computed(2, 1)
    card = Scorecard.objects.get(employee=cast.bob)
    assert (card.total_score, card.payout, card.state) == (Decimal(88), Decimal("44000.00"), State.OPEN)
    told = [(line.kpi, line.actual, line.target, line.attainment, line.contribution) for line in card.lines.all()]
    assert told == [("deals_won", 2, 2, 100, 40), ("revenue", 800, 1000, 80, 48)]


def test_open_scorecard_follows_and_nothing_is_written_twice(plan: TargetPlan, portal: Portal, cast: Cast) -> None:
    compute_plan(plan, now=NOW)
    assert compute_plan(plan, now=NOW) == Computed(2, 0)
    sell(portal, cast.bob, "200")
    assert compute_plan(plan, now=NOW) == Computed(2, 1)
    assert Scorecard.objects.get(employee=cast.bob).payout == Decimal("60000.00")


def test_approved_scorecard_stands_still(plan: TargetPlan, portal: Portal, cast: Cast, boss: User) -> None:
    compute_plan(plan, now=NOW)
    walk(Scorecard.objects.get(employee=cast.bob), State.APPROVED, boss)
    sell(portal, cast.bob, "200")
    compute_plan(plan, now=NOW)
    assert Scorecard.objects.get(employee=cast.bob).payout == Decimal("44000.00")


def test_absence_prorates_the_target_and_the_base(plan: TargetPlan, portal: Portal, cast: Cast) -> None:
    """Of 21 working days in March 2026 he is away on 10: 800 of 523.81 is 152.7 %, the base is 11/21."""
    Absence.objects.create(
        portal=portal, employee=cast.bob, first_on=date(2026, 3, 18), last_on=date(2026, 3, 31), kind="vacation"
    )
    compute_plan(plan, now=NOW)
    card = Scorecard.objects.get(employee=cast.bob)
    assert (card.proration["worked"], card.proration["days"]) == (11, 21)
    assert [away["kind"] for away in card.proration["away"]] == ["vacation"]
    assert card.result["base"] == "39285.71"
    assert card.payout == Decimal("39285.71")


def test_changed_target_shows_both_attainments(plan: TargetPlan, cast: Cast, head: User) -> None:
    set_target(plan, cast.bob, "revenue", "1600", weight="60", by=head, version=1)
    compute_plan(plan, now=NOW)
    line = Scorecard.objects.get(employee=cast.bob).lines.get(kpi="revenue")
    assert (line.target, line.attainment) == (1600, 50)
    assert (line.published_target, line.published_attainment, line.target_version) == (1000, 80, 2)


def test_closed_scorecard_is_proved_to_the_kopeck(plan: TargetPlan, cast: Cast, boss: User, capsys: Any) -> None:
    compute_plan(plan, now=NOW)
    card = walk(Scorecard.objects.get(employee=cast.bob), State.CLOSED, boss)
    assert len(card.content_hash) == 64
    call_command("verify_period", "2026-03")
    assert "44000.00" in capsys.readouterr().out


@pytest.mark.parametrize("what", ["payout", "input", "line", "hash"])
def test_tampered_scorecard_is_found(plan: TargetPlan, cast: Cast, boss: User, what: str) -> None:
    compute_plan(plan, now=NOW)
    card = walk(Scorecard.objects.get(employee=cast.bob), State.CLOSED, boss)
    if what == "payout":
        Scorecard.objects.filter(pk=card.pk).update(result=card.result | {"payout": "45000.00"})
    if what == "input":
        case = card.inputs | {"proration": "0.5"}
        Scorecard.objects.filter(pk=card.pk).update(inputs=case)
    if what == "line":
        card.lines.filter(kpi="revenue").update(actual=Decimal(801))
    if what == "hash":
        Scorecard.objects.filter(pk=card.pk).update(content_hash="0" * 64)
    with pytest.raises(CommandError):
        call_command("verify_period", "2026-03")


def test_period_without_closed_scorecards_is_said(plan: TargetPlan) -> None:
    with pytest.raises(CommandError, match="2026-03"):
        call_command("verify_period", "2026-03")


def test_second_closing_is_refused(plan: TargetPlan, cast: Cast, boss: User) -> None:
    compute_plan(plan, now=NOW)
    card = walk(Scorecard.objects.get(employee=cast.bob), State.CLOSED, boss)
    with pytest.raises(StaleError):
        move(card, Step(to=State.CLOSED, shown=State.APPROVED, by=boss, now=NOW))
    assert card.events.filter(after=State.CLOSED).count() == 1


def test_closed_scorecard_is_opened_by_a_second_person_with_a_reason(
    plan: TargetPlan, cast: Cast, boss: User, head: User
) -> None:
    compute_plan(plan, now=NOW)
    card = walk(Scorecard.objects.get(employee=cast.bob), State.CLOSED, boss)
    for by, reason in ((boss, "ошибка"), (head, " ")):
        with pytest.raises(PlanError):
            move(card, Step(to=State.OPEN, shown=State.CLOSED, by=by, now=NOW, reason=reason))
    move(card, Step(to=State.OPEN, shown=State.CLOSED, by=head, now=NOW, reason="ошибка"))
    assert (card.state, card.content_hash) == (State.OPEN, "")


def test_paid_scorecard_is_never_opened(plan: TargetPlan, cast: Cast, boss: User, head: User) -> None:
    compute_plan(plan, now=NOW)
    card = walk(Scorecard.objects.get(employee=cast.bob), State.PAID, boss)
    with pytest.raises(PlanError):
        move(card, Step(to=State.OPEN, shown=State.PAID, by=head, now=NOW, reason="ошибка"))


def test_who_has_no_target_has_an_empty_scorecard(plan: TargetPlan, cast: Cast) -> None:
    compute_plan(plan, now=NOW)
    card = Scorecard.objects.get(employee=cast.carol)
    assert (card.payout, card.lines.count()) == (None, 0)
