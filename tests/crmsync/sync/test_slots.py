"""What is due is done once, whoever asks for it and however often; what dies is done again."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.utils import timezone

from crmsync.heartbeat import SILENCE, beat_heart, find_last_beat, is_silent
from crmsync.lease import claim
from crmsync.models import Deal, Portal, Proof, Slot, SyncRun
from crmsync.slots import MOST_ATTEMPTS, close_slots, list_waiting_portals, open_due_slots, order_slot, take_slots
from crmsync.tasks import SLICE
from crmsync.tend import tend_portal
from tests.crmsync.sync.company import differences
from tests.crmsync.sync.conftest import open_hasty

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SYNC, SWEEP, PROOF = Slot.Job.SYNC, Slot.Job.SWEEP, Slot.Job.PROOF


@pytest.fixture
def aged(portal: Portal) -> Portal:
    """A portal that was connected some days ago."""
    Portal.objects.update(created_at=NOON - timedelta(days=3))
    return Portal.objects.get(pk=portal.pk)


@pytest.fixture
def tend():
    """Do what is due for a portal."""

    def tend(portal: Portal, **options: Any) -> bool:
        hasty: dict[str, Any] = {"open_source": open_hasty, "budget": SLICE} | options
        return tend_portal(Portal.objects.get(pk=portal.pk), **hasty)

    return tend


def list_slots() -> set[tuple[str, datetime]]:
    return set(Slot.objects.values_list("job", "due_at"))


def test_two_beats_open_one_slot(aged: Portal) -> None:
    for seconds in (0, 0, 7, 599):
        open_due_slots(NOON + timedelta(seconds=seconds))
    night = datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert list_slots() == {(SYNC, NOON), (SWEEP, night), (PROOF, night)}


def test_open_slot_keeps_the_next_one_waiting(aged: Portal) -> None:
    open_due_slots(NOON)
    open_due_slots(NOON + timedelta(minutes=10))
    assert Slot.objects.filter(job=SYNC).count() == 1
    Slot.objects.update(done_at=NOON)
    open_due_slots(NOON + timedelta(minutes=10))
    assert Slot.objects.filter(job=SYNC).count() == 2


def test_fresh_portal_has_no_night_behind_it(portal: Portal) -> None:
    open_due_slots(timezone.now())
    assert list(Slot.objects.values_list("job", flat=True)) == [SYNC]


def test_portal_that_is_switched_off_is_never_due(aged: Portal) -> None:
    order_slot(aged, SYNC, NOON)
    Portal.objects.update(is_enabled=False)
    open_due_slots(NOON)
    assert (Slot.objects.count(), list_waiting_portals(NOON)) == (1, [])


def test_portal_at_work_is_not_woken(aged: Portal) -> None:
    open_due_slots(NOON)
    assert list_waiting_portals(NOON) == [aged.pk]
    assert claim(aged, NOON)
    assert list_waiting_portals(NOON + timedelta(seconds=30)) == []
    assert list_waiting_portals(NOON + timedelta(seconds=31)) == [aged.pk]


def test_order_that_is_due_already_adds_nothing(aged: Portal) -> None:
    assert order_slot(aged, SYNC, NOON)
    assert not order_slot(aged, SYNC, NOON + timedelta(seconds=1))


def test_acceptance_reaches_the_open_sweep(aged: Portal) -> None:
    order_slot(aged, SWEEP, NOON)
    order_slot(aged, SWEEP, NOON + timedelta(seconds=1), accepts_deletions=True)
    assert Slot.objects.get().accepts_deletions


def test_acceptance_during_a_sweep_is_not_lost(connected, store, tend) -> None:
    order_slot(connected, SYNC, timezone.now())
    tend(connected)
    order_slot(connected, SWEEP, timezone.now())
    taken = take_slots(connected, timezone.now())
    order_slot(connected, SWEEP, timezone.now(), accepts_deletions=True)
    close_slots(taken.values(), timezone.now())
    assert Slot.objects.get(job=SWEEP).done_at is None


def test_beat_click_and_retry_make_one_run(connected, store, tend) -> None:
    open_due_slots(timezone.now())
    order_slot(connected, SYNC, timezone.now())
    assert [tend(connected) for _ in range(3)] == [False] * 3
    assert list(SyncRun.objects.values_list("outcome", "slot__job")) == [("complete", "sync")]
    assert differences(store, connected) == []


def test_second_worker_leaves_at_once(connected, tend) -> None:
    open_due_slots(timezone.now())
    assert claim(connected, timezone.now())
    Portal.objects.update(lease_owner="elsewhere:1")
    assert tend(connected) is False
    assert not SyncRun.objects.exists()
    assert Slot.objects.get().attempts == 0


def test_night_sweeps_and_proves(connected, store, tend) -> None:
    tonight = timezone.now()
    for job in (SYNC, SWEEP, PROOF):
        order_slot(connected, job, tonight)
    assert tend(connected) is False
    assert SyncRun.objects.count() == 1
    assert Proof.objects.get().outcome == Proof.Outcome.EQUAL
    assert not Slot.objects.filter(done_at=None).exists()


def test_accepted_deletions_go_with_the_second_sweep(connected, store, tend) -> None:
    for key in range(1, 131):
        if key == 1:
            order_slot(connected, SYNC, timezone.now())
            tend(connected)
        store.hide("deals", key)
    for accepts in (False, True):
        order_slot(connected, SWEEP, timezone.now(), accepts_deletions=accepts)
        tend(connected)
    assert not Deal.objects.live().exists()


def test_long_work_goes_on_in_the_next_slice(connected, store, tend) -> None:
    for job in (SYNC, SWEEP, PROOF):
        order_slot(connected, job, timezone.now())
    seconds = count()
    # Every look at this clock takes a second, so a slice is so many looks.
    slow = {"clock": lambda: NOON + timedelta(seconds=next(seconds)), "budget": timedelta(seconds=110)}
    slices = 1
    while tend(connected, **slow) and slices < 99:
        slices += 1
    assert 1 < slices < 99
    assert Proof.objects.get().outcome == Proof.Outcome.EQUAL
    assert SyncRun.objects.filter(outcome=SyncRun.Outcome.COMPLETE).count() == 1


def test_failed_run_closes_its_slot_and_the_next_one_tries_again(connected, server, tend) -> None:
    server.faults.add("revoked")
    order_slot(connected, SYNC, timezone.now())
    assert tend(connected) is False
    assert SyncRun.objects.get().outcome == SyncRun.Outcome.FAILED
    assert not Slot.objects.filter(done_at=None).exists()


def test_slot_whose_worker_died_is_done_again(connected, tend) -> None:
    order_slot(connected, SYNC, timezone.now())
    take_slots(connected, timezone.now())
    assert tend(connected) is False
    slot = Slot.objects.get()
    assert (slot.attempts, bool(slot.done_at)) == (2, True)


def test_slot_that_kills_every_worker_is_given_up(connected, tend) -> None:
    order_slot(connected, SYNC, timezone.now())
    Slot.objects.update(attempts=MOST_ATTEMPTS)
    assert tend(connected) is False
    assert Slot.objects.get().done_at
    assert not SyncRun.objects.exists()


def test_silence_of_the_workers_is_noticed(db: None) -> None:
    assert (find_last_beat(), is_silent(NOON)) == (None, True)
    beat_heart(NOON)
    assert not is_silent(NOON + SILENCE)
    assert is_silent(NOON + SILENCE + timedelta(seconds=1))
