"""The demonstration: a sandbox portal, connected, synchronised and served from a data folder of its own.

Each step is a command that an operator would type, run in a process of its own, so that the demonstration
shares neither the database nor the settings of the real installation.
"""

import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.processes import is_free

# Knobs that the demonstration leaves to their defaults, whatever the real installation has set.
KNOBS = ("ALLOWED_HOSTS", "CELERY_BROKER_URL", "DATABASE_URL", "FIELD_ENCRYPTION_KEYS", "SECRET_KEY", "SECURE")
SANDBOX_PORTS = range(8900, 8950)
SANDBOX_CODE = "sandbox-secret"
ADMIN = "admin"


class DemoBusyError(Exception):
    """Another demonstration uses the folder."""


class StepFailedError(Exception):
    """A step ended with an exit code other than 0."""

    def __init__(self, step: str, code: int) -> None:
        super().__init__(f"{step}: {code}")
        self.step = step
        self.code = code


@dataclass(frozen=True)
class Stage:
    """Where the demonstration takes place."""

    manage: Path
    folder: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """The knobs of every process of the demonstration; empty ones fall back to their defaults."""
        return {**dict.fromkeys(KNOBS, ""), "DATA_DIR": str(self.folder), "LOG_LEVEL": "WARNING"}

    def run(self, *arguments: str, **extra: str) -> None:
        """Run one command to its end. *Raises* StepFailedError."""
        command = [sys.executable, str(self.manage), *arguments]
        environment = {**os.environ, **self.environment, **extra}
        code = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own commands
        if code:
            raise StepFailedError(arguments[0], code)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep the folder for this process alone, and empty it of the last demonstration's data."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise DemoBusyError from error
            self.clear()
            yield

    def clear(self) -> None:
        """Remove the database and the broker's messages: the sandbox starts anew, so the mirror does."""
        for pattern in ("itogi.sqlite3*", "broker/*.msg"):
            for path in self.folder.glob(pattern):
                path.unlink()

    def add_admin(self) -> str:
        """Create the administrator and return the password, which is kept nowhere in clear."""
        password = secrets.token_urlsafe(9)
        self.run(
            *("createsuperuser", "--noinput", "--verbosity", "0", "--username", ADMIN, "--email", "admin@example.com"),
            DJANGO_SUPERUSER_PASSWORD=password,
        )
        return password


def find_free_port() -> int:
    """Find a port for the sandbox, the usual one first."""
    return next(port for port in SANDBOX_PORTS if is_free(port))


def name_webhook(port: int) -> str:
    """Name the webhook of a sandbox on this port."""
    return f"http://127.0.0.1:{port}/rest/1/{SANDBOX_CODE}/"
