"""One writer a portal: who may claim it, who has lost it, whom nobody needs to wait for."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from crmsync.lease import TERM, Lease, LeaseLostError, claim, is_dead, name_owner
from crmsync.models import Portal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = socket.gethostname()[:60]


@pytest.fixture(scope="module")
def dead_pid() -> int:
    """The number of a process that has come and gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def hold(portal: Portal, owner: str, *, until: datetime = NOON + TERM) -> None:
    Portal.objects.filter(pk=portal.pk).update(lease_owner=owner, lease_until=until)


def test_free_portal_is_claimed(portal: Portal) -> None:
    assert claim(portal, NOON) == Lease(portal.pk, 1)
    portal.refresh_from_db()
    assert (portal.lease_owner, portal.lease_until) == (f"{HERE}:{os.getpid()}", NOON + TERM)


def test_held_portal_is_not_claimed(portal: Portal) -> None:
    claim(portal, NOON)
    assert claim(portal, NOON + TERM) is None


def test_expired_lease_is_claimed(portal: Portal) -> None:
    claim(portal, NOON)
    assert claim(portal, NOON + TERM + timedelta(microseconds=1)) == Lease(portal.pk, 2)


def test_released_portal_is_claimed_at_once(portal: Portal) -> None:
    lease = claim(portal, NOON)
    assert lease
    lease.release()
    assert claim(portal, NOON) == Lease(portal.pk, 2)


def test_renewed_lease_lasts_longer(portal: Portal) -> None:
    lease = claim(portal, NOON)
    assert lease
    lease.renew(NOON + TERM)
    assert claim(portal, NOON + TERM + TERM / 2) is None


def test_lost_lease_is_not_renewed(portal: Portal) -> None:
    late = claim(portal, NOON)
    new = claim(portal, NOON + 2 * TERM)
    assert late and new
    with pytest.raises(LeaseLostError):
        late.renew(NOON + 2 * TERM)
    new.renew(NOON + 3 * TERM)


def test_lost_lease_releases_nothing(portal: Portal) -> None:
    late = claim(portal, NOON)
    claim(portal, NOON + 2 * TERM)
    assert late
    late.release()
    assert claim(portal, NOON + 2 * TERM) is None


def test_leases_of_two_portals_do_not_meet(portal: Portal) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    assert claim(portal, NOON)
    assert claim(other, NOON) == Lease(other.pk, 1)


def test_lease_of_a_dead_process_is_taken_at_once(portal: Portal, dead_pid: int) -> None:
    hold(portal, f"{HERE}:{dead_pid}")
    assert claim(portal, NOON)


OTHERS = {
    "another machine": f"elsewhere:{2**22}",
    "this very process": f"{HERE}:{os.getpid()}",
    "a living process": f"{HERE}:1",
    "no number": "no-number:x",
    "no machine": "odd",
}


@pytest.mark.parametrize("owner", OTHERS.values(), ids=OTHERS)
def test_lease_of_anybody_else_is_waited_for(portal: Portal, owner: str) -> None:
    hold(portal, owner)
    assert claim(portal, NOON) is None
    assert claim(portal, NOON + TERM + timedelta(seconds=1))


def test_death_is_told_only_of_processes_here(dead_pid: int) -> None:
    assert is_dead(f"{HERE}:{dead_pid}")
    assert not is_dead(f"elsewhere:{dead_pid}")
    assert not is_dead(name_owner())
    assert not is_dead("")


class Intruder:
    """Claims the portal right after another claim's first statement of a kind, as if that process had slept."""

    def __init__(self, portal: Portal, *, after: str, at: datetime) -> None:
        self.portal, self.after, self.at = portal, after, at
        self.lease: Lease | None = None
        self.waiting = True

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if self.waiting and sql.startswith(self.after):
            self.waiting = False
            self.lease = claim(self.portal, self.at)
        return result


def test_claim_that_looked_too_early_takes_nobody_elses_number(portal: Portal) -> None:
    intruder = Intruder(portal, after="SELECT", at=NOON - 2 * TERM)
    with connection.execute_wrapper(intruder):
        assert claim(portal, NOON) is None
    assert intruder.lease and claim(portal, NOON) == Lease(portal.pk, 2)


def test_claim_that_is_overtaken_at_once_knows_it(portal: Portal) -> None:
    intruder = Intruder(portal, after="UPDATE", at=NOON + 2 * TERM)
    with connection.execute_wrapper(intruder):
        slow = claim(portal, NOON)
    assert slow and intruder.lease and slow.fence != intruder.lease.fence
    with pytest.raises(LeaseLostError):
        slow.renew(NOON)
