"""The demonstration's own ground: a data folder, a database and knobs apart from the real installation's."""

import fcntl
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Exists, OuterRef

from config.processes import is_free
from crmsync.departments import list_below, list_members
from crmsync.models import Account, Department, Employee, Role
from crmsync.roles import give_role

# Knobs that the demonstration leaves to their defaults, whatever the real installation has set.
KNOBS = (
    *("ALLOWED_HOSTS", "CELERY_BROKER_URL", "CELERY_QUEUE", "DATABASE_URL", "EMAIL_HOST", "FIELD_ENCRYPTION_KEYS"),
    *("PROXIES", "SECRET_KEY", "SECURE"),
)
MARK = "ITOGI_DEMO"
SANDBOX_PORTS = range(8900, 8950)
SANDBOX_CODE = "sandbox-secret"
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Login:
    """Who may log in to the demonstration; the password is kept nowhere in clear."""

    role: Role
    name: str
    password: str


class DemoBusyError(Exception):
    """Another demonstration uses the folder."""


def enter_stage() -> Path:
    """Start this command again with the demonstration's own settings, unless it has them; returns its folder."""
    folder = Path(os.environ.get(MARK, ""))
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    if not settings.DATA_DIR == folder == database.parent:
        own = str(settings.DATA_DIR / "demo")
        knobs = {**dict.fromkeys(KNOBS, ""), "DATA_DIR": own, MARK: own, "LOG_LEVEL": "WARNING"}
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | knobs)  # noqa: S606 - no shell
    return folder


@contextmanager
def hold_stage(folder: Path) -> Iterator[None]:
    """Keep the folder for this process alone, emptied of what the last demonstration left. Raises: DemoBusyError."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DemoBusyError from error
        # The sandbox starts anew, so the mirror does.
        for pattern in ("itogi.sqlite3*", "broker/*.msg"):
            for path in folder.glob(pattern):
                path.unlink()
        yield


def add_logins() -> list[Login]:
    """Create a user of each role that sees something else: an administrator, a head, a manager of his department."""
    logins = [add_login(Role.ADMINISTRATOR, ADMIN, None)]
    head = find_head()
    team = list_members(list_below([head], portal=head.portal_id)) if head else []
    for person in Employee.objects.filter(pk__in=team, is_active=True).order_by("external_id"):
        is_head = head is not None and person.external_id == head.head_external_id
        role = Role.HEAD if is_head else Role.MANAGER
        if role not in [login.role for login in logins]:
            logins.append(add_login(role, role.value, person))
    return logins


def find_head() -> Department | None:
    """Find a department whose head works in it with somebody. Empty: None."""
    heads = Employee.objects.filter(departments=OuterRef("pk"), external_id=OuterRef("head_external_id"))
    led = Department.objects.live().filter(Exists(heads.filter(is_active=True)))
    return led.annotate(size=Count("employees")).filter(size__gt=1).order_by("-size", "pk").first()


def add_login(role: Role, name: str, person: Employee | None) -> Login:
    """Create a user with a password that is shown once."""
    password = secrets.token_urlsafe(9)
    email = (person.email if person else "") or f"{name}@example.com"
    names = {"first_name": person.first_name, "last_name": person.last_name} if person else {}
    user = User.objects.create_user(name, email, password, **names)
    give_role(user, role)
    if person:
        Account.objects.create(portal_id=person.portal_id, user=user, employee=person)
    return Login(role, name, password)


def find_free_port() -> int:
    """Find a port for the sandbox, the usual one first."""
    return next(port for port in SANDBOX_PORTS if is_free(port))


def name_webhook(port: int) -> str:
    """Name the webhook of a sandbox on this port."""
    return f"http://127.0.0.1:{port}/rest/1/{SANDBOX_CODE}/"
