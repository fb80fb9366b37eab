"""Workers at once derive different ranges, and days wait for all of them: PostgreSQL only, SQLite has one writer."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from crmsync.models import Deal, Portal
from kpis.derived import differences
from kpis.facts import fill_slice, rebuild
from kpis.fills import ranges
from kpis.fills.ranges import fill_range, plan
from kpis.fills.state import Filled
from kpis.models import DeriveRange, FillRange, Sale
from kpis.tasks import SLICE
from tests.kpis.fills.test_shared_ranges import run_at_once
from tests.kpis.rows import read_facts
from tests.kpis.talks import days, read_derived, sell

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway"),
]
NEAR, FAR = 1, 5_000


def plan_meanwhile(monkeypatch: pytest.MonkeyPatch, portal: Portal) -> None:
    """Let another plan commit after a worker has found nothing to derive, and before it takes days."""
    derive, planned = ranges.derived.derive_range, list[Any]()

    def derive_then_plan(*args: Any, **kwargs: Any) -> bool:
        done = derive(*args, **kwargs)
        if not planned:
            planned.extend(run_at_once(lambda: plan(portal)))
        return done

    monkeypatch.setattr(ranges.derived, "derive_range", derive_then_plan)


@pytest.fixture
def derived(portal: Portal) -> Portal:
    """A plan of which all is derived and the days are left."""
    sell(portal, days(0), contact=NEAR)
    plan(portal)
    fill_range(portal)
    return portal


@pytest.mark.parametrize(("wait", "step"), [(True, Filled(rebuilt=True)), (False, None)])
def test_days_of_a_newer_plan_wait_for_its_records(
    derived: Portal, monkeypatch: pytest.MonkeyPatch, wait: bool, step: Filled | None
) -> None:
    plan_meanwhile(monkeypatch, derived)
    assert fill_range(derived, wait=wait) == step
    assert (DeriveRange.objects.count(), FillRange.objects.count()) == (1, 1)


def test_without_the_second_look_they_would_not_wait(derived: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: days are filled before what the newer plan derives is there.
    plan_meanwhile(monkeypatch, derived)
    monkeypatch.setattr(ranges.derived, "has_ranges", lambda portal: False)
    fill_range(derived)
    assert (DeriveRange.objects.count(), FillRange.objects.count()) == (1, 0)


def test_worker_that_does_not_wait_leaves_days_alone_while_another_derives(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(portal)
    answers: list[Any] = []
    ask = derive_and_ask_once(ranges.derived.derive_range, answers, lambda: fill_range(portal, wait=False))
    monkeypatch.setattr(ranges.derived, "derive_range", ask)
    fill_range(portal)
    assert answers == [None]
    assert FillRange.objects.count() == 1


def derive_and_ask_once(derive: Callable[..., bool], answers: list[Any], ask: Callable[[], Any]) -> Callable[..., bool]:
    """Let another worker ask for work while the first one's range is derived and not committed."""

    def act(*args: Any, **kwargs: Any) -> bool:
        done = derive(*args, **kwargs)
        if not answers:
            answers.append("asked")
            answers[:] = run_at_once(ask)
        return done

    return act


@pytest.fixture
def crossed(portal: Portal) -> Portal:
    """Two sales whose deals have changed customers crosswise, in two ranges that are yet to be derived."""
    deals = [sell(portal, days(number), contact=contact) for number, contact in enumerate((NEAR, FAR))]
    rebuild(portal)
    for deal, contact in zip(deals, (FAR, NEAR), strict=True):
        Deal.objects.filter(pk=deal.pk).update(contact_external_id=contact)
    plan(portal, objects=1)
    DeriveRange.objects.exclude(start_type=3).delete()
    return portal


def meet_after_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both workers go on to delete only when each has written its sale."""
    write, barrier = differences.upsert, Barrier(2, timeout=20)

    def write_and_meet(model: Any, rows: Any, **kwargs: Any) -> None:
        write(model, rows, **kwargs)
        if model is Sale and rows:
            barrier.wait()

    monkeypatch.setattr(differences, "upsert", write_and_meet)


def test_rows_that_move_crosswise_between_two_workers(crossed: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    meet_after_writing(monkeypatch)
    assert run_at_once(*[lambda: fill_range(crossed, wait=False)] * 2) == [Filled(rebuilt=True)] * 2
    monkeypatch.undo()
    shared = read_derived(crossed)
    rebuild(crossed)
    assert shared == read_derived(crossed)


def test_workers_that_wait_for_each_others_rows_would_stand_still(
    crossed: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control: it is passing over locked rows that keeps them from waiting in a circle.
    select = QuerySet.select_for_update

    def wait_for_all(rows: Any, **options: Any) -> Any:
        return select(rows, **(options if rows.model is DeriveRange else {"of": ("self",)}))

    monkeypatch.setattr(QuerySet, "select_for_update", wait_for_all)
    meet_after_writing(monkeypatch)
    results = run_at_once(*[lambda: fill_range(crossed, wait=False)] * 2)
    assert "deadlock" in " ".join(map(str, results))


def test_two_workers_share_the_ranges_of_records(portal: Portal) -> None:
    for number in range(12):
        sell(portal, days(number % 5), contact=number * 1_000 + 1, company=number * 1_000 if number % 3 else None)
    plan(portal, objects=1)
    assert run_at_once(*[lambda: fill_slice(portal, budget=SLICE)] * 2) == [None, None]
    while fill_range(portal):
        pass
    shared = read_derived(portal), read_facts(portal)
    rebuild(portal)
    assert shared == (read_derived(portal), read_facts(portal))
