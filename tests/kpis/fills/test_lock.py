"""Two fills of one portal follow one another: PostgreSQL only, because SQLite has one writer at a time anyway."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from crmsync.models import Portal
from kpis.facts import rebuild, refill
from kpis.fills import cells
from kpis.fills.cells import refill_batch
from kpis.fills.state import lock
from kpis.models import Filling
from tests.kpis.mirror import send_email, touch
from tests.kpis.rows import read_cell

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway"),
]


def fill_elsewhere(fill: Callable[[Portal], Any], portal: Portal) -> Any:
    """Fill on another connection, which gives up at once instead of waiting for a lock."""

    def work() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        try:
            return fill(portal)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.mark.parametrize("fill", [refill, rebuild])
def test_second_fill_waits_for_the_first(portal: Portal, day_zero: date, fill: Callable[[Portal], Any]) -> None:
    send_email(portal, day_zero, None)
    touch(portal, day_zero)
    with transaction.atomic():
        lock(portal)
        with pytest.raises(OperationalError, match="lock timeout"):
            fill_elsewhere(fill, portal)
    fill_elsewhere(fill, portal)
    assert read_cell(portal, None, day_zero) == {"emails_sent": 1}


def test_without_the_lock_the_second_fill_would_not_wait(
    portal: Portal, day_zero: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control: nothing but the lock keeps two fills apart.
    send_email(portal, day_zero, None)
    touch(portal, day_zero)
    with transaction.atomic():
        lock(portal)
        monkeypatch.setattr(cells, "lock", lambda portal: Filling(portal=portal))
        assert fill_elsewhere(refill_batch, portal).cells == 1


def test_fills_of_two_portals_do_not_wait(portal: Portal, day_zero: date) -> None:
    other = Portal.objects.create(name="Другой", origin="https://other.example")
    touch(other, day_zero)
    with transaction.atomic():
        lock(portal)
        assert fill_elsewhere(refill, other).cells == 1
