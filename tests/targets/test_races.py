"""Two people, or a person and a worker, at one scorecard: one wins, nothing is paid twice, nothing closed changes.

Each race has a control that lets it bite by taking its guard away; SQLite lets one writer in from the start.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections

from crmsync.models import Department, Portal
from kpis.facts import refill
from targets import cells, scorecards, states
from targets.cells import Cell, write_cells
from targets.errors import PlanError, StaleError
from targets.models import Scorecard, ScorecardEvent, State, Target, TargetPlan
from targets.plans import publish
from targets.scorecards import compute_plan
from targets.states import Step, move
from targets.verify import verify_period
from tests.conftest import hire
from tests.kpis.mirror import touch, win_deal
from tests.targets.test_scorecards import walk
from tests.targets.world import NOW, make_plan, set_target

DAY = date(2026, 3, 10)
ON_POSTGRESQL = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in from the start")


@pytest.fixture
def card(transactional_db: None) -> Scorecard:
    """Bob has sold for 1,000 of 1,000 and is to get 50,000; his scorecard is under review."""
    portal = Portal.objects.create(name="Ромашка", origin="https://romashka.example")
    sales = Department.objects.create(portal=portal, external_id=1, name="Продажи")
    bob, boss = hire(portal, 2, "Борис", "Петров", sales), User.objects.create_user("boss")
    plan = make_plan(portal, [bob], boss)
    set_target(plan, bob, "revenue", "1000", weight="100", by=boss)
    publish(plan, by=boss, now=NOW)
    sell(portal, bob, "1000")
    compute_plan(plan, now=NOW)
    return walk(Scorecard.objects.get(), State.REVIEW, boss)


def sell(portal: Portal, who: Any, amount: str) -> None:
    win_deal(portal, DAY, who, amount)
    touch(portal, DAY, who)
    refill(portal)


def at_once(*works: Callable[[], Any]) -> list[str]:
    """Do works in threads of their own and tell how each ended."""

    def run(work: Callable[[], Any]) -> str:
        try:
            work()
            return "done"
        except PlanError as error:
            return "stale" if isinstance(error, StaleError) else "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        return sorted(threads.map(run, works))


def step(card: Scorecard, to: State) -> Callable[[], Any]:
    boss, shown = User.objects.get(username="boss"), State(card.state)
    own = Scorecard.objects.get(pk=card.pk)
    return lambda: move(own, Step(to=to, shown=shown, by=boss, now=NOW))


def pause(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, wait: Callable[[], Any]) -> None:
    """Let something happen just before a function of a module is called."""
    real = getattr(module, name)

    def later(*args: Any, **kwargs: Any) -> Any:
        wait()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, later)


def unlock(monkeypatch: pytest.MonkeyPatch, *modules: Any) -> None:
    """Take the guard away: plans are read without a lock."""
    for module in modules:
        monkeypatch.setattr(module, "lock_plan", lambda pk: TargetPlan.objects.get(pk=pk))


def later(work: Callable[[], Any]) -> None:
    """Do something when the other one has begun."""
    sleep(0.2)
    work()


def advance(card: Scorecard, to: State) -> Scorecard:
    return walk(card, to, User.objects.get(username="boss"))


@pytest.mark.parametrize("to", [State.CLOSED, State.PAID])
def test_of_two_who_close_or_pay_one_is_told(card: Scorecard, monkeypatch: pytest.MonkeyPatch, to: State) -> None:
    advance(card, State.APPROVED if to == State.CLOSED else State.CLOSED)
    pause(monkeypatch, states, "write_step", lambda: sleep(0.2))
    assert at_once(step(card, to), step(card, to)) == ["done", "stale"]
    assert card.events.filter(after=to).count() == 1


@ON_POSTGRESQL
def test_control_without_the_guards_it_is_paid_twice(card: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    advance(card, State.CLOSED)
    unlock(monkeypatch, states)
    barrier = Barrier(2, timeout=10)

    def write_whatever_happened(card: Scorecard, step: Step, changes: Any) -> None:
        barrier.wait()
        Scorecard.objects.filter(pk=card.pk).update(**changes)
        ScorecardEvent.objects.create(scorecard=card, at=step.now, by=step.by, before=step.shown, after=step.to)

    monkeypatch.setattr(states, "write_step", write_whatever_happened)
    assert at_once(step(card, State.PAID), step(card, State.PAID)) == ["done", "done"]
    assert card.events.filter(after=State.PAID).count() == 2


def close_while_computing(card: Scorecard, monkeypatch: pytest.MonkeyPatch, wait: Callable[[], Any]) -> bool:
    """Close a scorecard while late deals are being computed into it; tells whether it then proves right."""
    plan = card.member.plan
    sell(plan.portal, card.employee, "500")
    pause(monkeypatch, scorecards, "save_cards", wait)
    own = Scorecard.objects.get(pk=card.pk)
    at_once(lambda: compute_plan(plan, now=NOW), lambda: later(lambda: advance(own, State.CLOSED)))
    verified = list(verify_period(card.period_key))
    return bool(verified) and all(each.is_good for each in verified)


def test_late_data_does_not_reach_a_closed_scorecard(card: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    assert close_while_computing(card, monkeypatch, lambda: sleep(0.6))


@ON_POSTGRESQL
def test_control_without_the_lock_a_closed_scorecard_changes(card: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    unlock(monkeypatch, scorecards, states)
    assert not close_while_computing(card, monkeypatch, lambda: sleep(0.6))


def edit_while_approving(card: Scorecard, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Change a target while its scorecard is being approved; tells whether the approved one has the target of now."""
    boss = User.objects.get(username="boss")
    pause(monkeypatch, states, "write_step", lambda: sleep(0.5))
    change = Cell(member=card.member_id, kpi="revenue", version=1, values={"value": Decimal(2000)})
    plan = card.member.plan
    ended = at_once(
        step(card, State.APPROVED), lambda: later(lambda: write_cells(plan, [change], by=boss, reason="ошибка"))
    )
    assert "done" in ended
    return card.lines.get().target_version == Target.objects.get().version


def test_target_does_not_change_under_an_approved_scorecard(card: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    assert edit_while_approving(card, monkeypatch)


@ON_POSTGRESQL
def test_control_without_the_lock_the_target_changes(card: Scorecard, monkeypatch: pytest.MonkeyPatch) -> None:
    unlock(monkeypatch, cells, states)
    assert not edit_while_approving(card, monkeypatch)
