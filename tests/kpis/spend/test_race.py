"""Two people confirm imports of one cost at once: one is written, the other is told; without the lock one is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from django.db import connection, connections

from crmsync.models import Portal
from kpis.models import MarketingSpend
from kpis.spend import imports as spend_imports
from kpis.spend.imports import SpendImportError, apply_import, preview_import

FILES = [f"Дата;Сумма\n2026-10-05;{amount}\n".encode() for amount in (150, 200)]


@pytest.fixture
def stored(transactional_db: None) -> MarketingSpend:
    portal = Portal.objects.create(name="Ромашка", origin="https://romashka.example")
    return MarketingSpend.objects.create(portal=portal, day=date(2026, 10, 5), amount=Decimal(100), currency="RUB")


def confirm_both(portal: Portal) -> list[str]:
    """Confirm both files at once, each with the differences it was shown."""
    shown = [preview_import(portal, file).fingerprint for file in FILES]

    def confirm(number: int) -> str:
        try:
            apply_import(portal, FILES[number], fingerprint=shown[number])
            return "written"
        except SpendImportError:
            return "told"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        return sorted(threads.map(confirm, range(2)))


def test_second_of_two_confirmations_is_told(stored: MarketingSpend, monkeypatch: pytest.MonkeyPatch) -> None:
    pause(monkeypatch, lambda: sleep(0.3))
    assert confirm_both(stored.portal) == ["told", "written"]
    assert MarketingSpend.objects.get().amount in (150, 200)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in from the start")
def test_control_without_the_lock_one_of_them_is_lost(stored: MarketingSpend, monkeypatch: pytest.MonkeyPatch) -> None:
    read, barrier = spend_imports.read_stored, Barrier(2, timeout=10)
    monkeypatch.setattr(spend_imports, "read_stored", lambda portal, keys, **_: read(portal, keys, lock=False))
    pause(monkeypatch, barrier.wait)
    assert confirm_both(stored.portal) == ["written", "written"]


def pause(monkeypatch: pytest.MonkeyPatch, wait: Callable[[], Any]) -> None:
    """Let something happen between the look and the write."""
    write = spend_imports.write_spends

    def write_later(*args: Any, **kwargs: Any) -> None:
        wait()
        write(*args, **kwargs)

    monkeypatch.setattr(spend_imports, "write_spends", write_later)
