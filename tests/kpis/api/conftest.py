"""A portal with two months of facts, and users in every role who ask the API about it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from crmsync.models import Account, Employee, Portal, Role, StreamState
from kpis.api.limits import COUNTS
from kpis.facts import rebuild
from tests.conftest import Cast
from tests.kpis.mirror import add_lead, send_email, win_deal

Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """Begin without requests that other tests have made."""
    COUNTS.clear()
    yield
    COUNTS.clear()


def enter(name: str, employee: Employee | None, role: str) -> Client:
    """Log a user in who is this employee in this role."""
    user = User.objects.create_user(name)
    user.groups.set(Group.objects.filter(name=role))
    if employee:
        Account.objects.create(portal=employee.portal, user=user, employee=employee)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def sales(portal: Portal, cast: Cast) -> Portal:
    """Bob and Dave win in February, Carol in January; a lead is nobody's; one stream was read."""
    win_deal(portal, date(2026, 2, 3), cast.bob, "1000.50", cycle_seconds=86_400 * 3 // 2)
    win_deal(portal, date(2026, 2, 4), cast.bob, "2000")
    win_deal(portal, date(2026, 2, 5), cast.dave, "7000")
    win_deal(portal, date(2026, 1, 5), cast.carol, "300")
    for on in (date(2026, 1, 7), date(2026, 2, 7), date(2026, 2, 8)):
        add_lead(portal, on, cast.bob)
        send_email(portal, on, cast.carol)
    add_lead(portal, date(2026, 2, 9), None)
    StreamState.objects.create(portal=portal, stream="deals", watermark_at=datetime(2026, 3, 1, 13, tzinfo=portal.zone))
    rebuild(portal)
    return portal


@pytest.fixture
def olga(db: None) -> Client:
    """Sees everything."""
    return enter("olga", None, Role.ADMINISTRATOR)


@pytest.fixture
def alice(cast: Cast) -> Client:
    """Heads sales."""
    return enter("alice", cast.alice, Role.HEAD)


@pytest.fixture
def bob(cast: Cast) -> Client:
    """Sees himself."""
    return enter("bob", cast.bob, Role.MANAGER)


def ask(client: Client, address: str, **parameters: Any) -> Any:
    """Ask the API; anything but an answer fails the test."""
    response = client.get(f"/api/v1/{address}", parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def ask_in_vain(client: Client, address: str, **parameters: Any) -> tuple[int, str, str | None]:
    """Ask the API for what it refuses; returns the status, the code and the parameter."""
    response = client.get(f"/api/v1/{address}", parameters)
    told = response.json()
    assert set(told) == {"code", "detail", "parameter"}
    assert len(told["detail"]) > 10
    return response.status_code, told["code"], told["parameter"]
