"""A living process keeps its lease however long one request takes; a silent one loses it within the term."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from crmsync.lease import RENEWAL_SECONDS, TERM, LeaseLostError, claim, keep
from crmsync.models import Portal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOON + 10 * TERM
pytestmark = pytest.mark.django_db(transaction=True)


def wait_until(happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.01)
    return happened()


def read_until(portal: Portal) -> datetime | None:
    return Portal.objects.values_list("lease_until", flat=True).get(pk=portal.pk)


def test_recovery_after_a_kill_takes_less_than_a_minute() -> None:
    assert timedelta(seconds=2 * RENEWAL_SECONDS) < TERM <= timedelta(seconds=30)


def test_lease_is_renewed_while_the_block_runs(portal: Portal) -> None:
    lease = claim(portal, NOON)
    assert lease
    with keep(lease, lambda: LATER, every=0.01):
        assert wait_until(lambda: read_until(portal) == LATER + TERM)
    assert claim(portal, LATER) is None


def test_lease_runs_out_without_its_keeper(portal: Portal) -> None:
    assert claim(portal, NOON)
    Portal.objects.update(lease_owner="elsewhere:1")
    assert claim(portal, LATER)


def test_keeper_of_a_lost_lease_leaves_the_new_holder_alone(portal: Portal) -> None:
    late = claim(portal, NOON)
    Portal.objects.update(lease_owner="elsewhere:1")
    assert late and claim(portal, LATER)
    with keep(late, lambda: LATER + TERM, every=0.01):
        time.sleep(0.1)
    assert read_until(portal) == LATER + TERM
    with pytest.raises(LeaseLostError):
        late.renew(LATER)
