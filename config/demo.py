"""The demonstration's own ground: a data folder, a database and knobs apart from the real installation's."""

import fcntl
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User

from config.processes import is_free

# Knobs that the demonstration leaves to their defaults, whatever the real installation has set.
KNOBS = (
    *("ALLOWED_HOSTS", "CELERY_BROKER_URL", "CELERY_QUEUE", "DATABASE_URL", "FIELD_ENCRYPTION_KEYS"),
    *("SECRET_KEY", "SECURE"),
)
MARK = "ITOGI_DEMO"
SANDBOX_PORTS = range(8900, 8950)
SANDBOX_CODE = "sandbox-secret"
ADMIN = "admin"


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


def add_admin() -> str:
    """Create the administrator and return the password, which is kept nowhere in clear."""
    password = secrets.token_urlsafe(9)
    User.objects.create_superuser(ADMIN, "admin@example.com", password)
    return password


def find_free_port() -> int:
    """Find a port for the sandbox, the usual one first."""
    return next(port for port in SANDBOX_PORTS if is_free(port))


def name_webhook(port: int) -> str:
    """Name the webhook of a sandbox on this port."""
    return f"http://127.0.0.1:{port}/rest/1/{SANDBOX_CODE}/"
