"""What every test stands on: no network but loopback, Russian, and a fixed cast of employees."""

import socket
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import translation

from crmsync.models import Department, Employee, Portal, Role
from tests.canary import CANARY

DAY_ZERO = date(2026, 3, 2)
LOOPBACK = ("localhost", "127.0.0.1", "::1", "", None)


class Cast(NamedTuple):
    """Alice heads sales, Bob and Carol report to her, Dave sits in another department."""

    alice: Employee
    bob: Employee
    carol: Employee
    dave: Employee


@pytest.fixture(scope="session", autouse=True)
def names_are_not_looked_up() -> Iterator[None]:
    """Answer like a machine without a network: pytest-socket guards connections, this guards DNS."""
    look_up = socket.getaddrinfo

    def refuse_others(host: Any, *args: Any, **kwargs: Any) -> Any:
        if (host.decode() if isinstance(host, bytes) else host) not in LOOPBACK:
            raise socket.gaierror(socket.EAI_NONAME, "Tests look up no names.")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", refuse_others)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Keep the SQLite test database in a file: threads and processes see it as they see the real one."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")


def pytest_configure() -> None:
    # A slow hash protects real passwords; here it would cost half a second per user.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


@pytest.fixture(autouse=True)
def roles_are_there(request: pytest.FixtureRequest) -> None:
    """Put back the groups of a migration: a test with real transactions empties all tables at its end."""
    if "_django_db_helper" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
        if Group.objects.count() < len(Role):
            Group.objects.bulk_create((Group(name=role) for role in Role.values), ignore_conflicts=True)


@pytest.fixture
def canary() -> str:
    """The webhook's code in tests of the synchronisation; see tests/canary.py."""
    return CANARY


@pytest.fixture
def day_zero() -> date:
    return DAY_ZERO


@pytest.fixture
def portal(db: None) -> Portal:
    origin = "https://romashka.example"
    return Portal.objects.create(name="Ромашка", origin=origin, webhook_url=f"{origin}/rest/1/{CANARY}/")


@pytest.fixture
def cast(portal: Portal) -> Cast:
    sales = Department.objects.create(portal=portal, external_id=1, name="Продажи", head_external_id=1)
    service = Department.objects.create(portal=portal, external_id=2, name="Сервис", head_external_id=4)
    people = [
        (1, "Алиса", "Волкова", sales),
        (2, "Борис", "Петров", sales),
        (3, "Карина", "Ким", sales),
        (4, "Давид", "Орлов", service),
    ]
    return Cast(*(hire(portal, *person) for person in people))


def hire(portal: Portal, external_id: int, first_name: str, last_name: str, department: Department) -> Employee:
    employee = Employee.objects.create(
        portal=portal,
        external_id=external_id,
        first_name=first_name,
        last_name=last_name,
        department_external_ids=[department.external_id],
        is_active=True,
        is_stub=False,
    )
    employee.departments.add(department)
    return employee
