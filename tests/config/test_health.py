"""`/healthz` tells a stranger nothing but whether the installation works."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from config import health
from crmsync.models import Heartbeat


def beat(*, minutes: int) -> None:
    Heartbeat.objects.create(worker="one", seen_at=timezone.now() - timedelta(minutes=minutes))


def test_living_workers_are_well(client: Client, db: None) -> None:
    beat(minutes=1)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("minutes", [None, 4])
def test_silent_workers_are_told(client: Client, db: None, minutes: int | None) -> None:
    if minutes:
        beat(minutes=minutes)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "failing", "workers": "silent"})


def test_lost_database_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_now: object) -> bool:
        raise OperationalError("password=secret")

    monkeypatch.setattr(health, "is_silent", refuse)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "failing", "database": "down"})


def test_answer_is_never_kept(client: Client, db: None) -> None:
    assert "no-store" in client.get("/healthz")["Cache-Control"]


def test_answer_costs_one_query(client: Client, db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        client.get("/healthz")


@pytest.mark.parametrize(("method", "status"), [("head", 200), ("post", 405), ("put", 405), ("delete", 405)])
def test_only_looking_is_allowed(client: Client, db: None, method: str, status: int) -> None:
    beat(minutes=0)
    response = getattr(client, method)("/healthz")
    assert response.status_code == status
    assert method != "head" or response.content == b""
