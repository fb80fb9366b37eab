"""Two claims at once, each in a thread and a connection of its own: the conditional update lets one win."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, local
from typing import Any

import pytest
from django.db import connection

from crmsync.lease import TERM, Lease, claim
from crmsync.models import Portal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Claim = Callable[[Portal, datetime], Lease | None]


class Gate:
    """Lets both threads go on only when both have read the portal, which is the worst moment."""

    def __init__(self) -> None:
        self.barrier = Barrier(2, timeout=30)
        self.passed = local()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and not getattr(self.passed, "already", False):
            self.passed.already = True
            self.barrier.wait()
        return result


def claim_naively(portal: Portal, now: datetime) -> Lease | None:
    """The control: look first, then take."""
    held = Portal.objects.get(pk=portal.pk)
    if held.lease_until and held.lease_until >= now:
        return None
    held.lease_until, held.lease_fence = now + TERM, held.lease_fence + 1
    held.save()
    return Lease(held.pk, held.lease_fence)


def race(portal: Portal, take: Claim) -> list[Lease]:
    """Claim twice at the same moment; returns the leases that were won."""
    gate = Gate()

    def run(_: int) -> Lease | None:
        try:
            with connection.execute_wrapper(gate):
                return take(portal, NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [lease for lease in pool.map(run, range(2)) if lease]


@pytest.mark.django_db(transaction=True)
def test_one_of_two_claims_wins(portal: Portal) -> None:
    assert race(portal, claim) == [Lease(portal.pk, 1)]


@pytest.mark.django_db(transaction=True)
def test_without_the_condition_both_win(portal: Portal) -> None:
    assert len(race(portal, claim_naively)) == 2


@pytest.mark.django_db(transaction=True)
def test_one_of_two_claims_of_an_expired_lease_wins(portal: Portal) -> None:
    Portal.objects.filter(pk=portal.pk).update(lease_owner="elsewhere:1", lease_until=NOON - TERM, lease_fence=7)
    assert race(portal, claim) == [Lease(portal.pk, 8)]
