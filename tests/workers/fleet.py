"""Real workers and beats as processes of their own, on the test's database and the test's queue."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

HASTY = "tests.workers.hasty"
POLL_SECONDS = 0.05


def name_database() -> str:
    """Name the suite's database as a child process must be told it."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    user, password = quote(config["USER"] or ""), quote(config["PASSWORD"] or "")
    return f"postgres://{user}:{password}@{config['HOST']}:{config['PORT'] or 5432}/{config['NAME']}"


def wait_until(happened: Callable[[], Any], *, seconds: float = 30) -> bool:
    """Poll until it has happened; False when time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(POLL_SECONDS)
    return bool(happened())


class Fleet:
    """Workers and beats; leaving the `with` block kills every process of every member's session."""

    def __init__(self, knobs: Mapping[str, str], *, logs: Path) -> None:
        self.environment = os.environ | {"DATABASE_URL": name_database(), "LOG_LEVEL": "INFO"} | dict(knobs)
        self.logs = logs
        self.members: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Fleet":
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        for member in self.members:
            self.kill(member)

    def start_worker(self, **changes: Any) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it takes tasks."""
        return self.start_workers(1, **changes)[0]

    def start_workers(self, count: int, *, processes: int = 2, **changes: Any) -> list[subprocess.Popen[bytes]]:
        """Start workers with that many pool processes each and wait until all take tasks."""
        names = [f"w{len(self.members) + number}@%h" for number in range(count)]
        pool = ("worker", "-P", "prefork", "-c", str(processes))
        workers = [self.start(*pool, "-n", name, **changes) for name in names]
        assert wait_until(lambda: all(self.is_ready(worker) for worker in workers)), "The workers do not start."
        return workers

    def is_ready(self, worker: subprocess.Popen[bytes]) -> bool:
        """Tell whether a worker takes tasks; one that has died fails the test with its last words."""
        assert worker.poll() is None, self.read_log(worker)[-2000:]
        return b" ready." in self.read_log(worker)

    def start_beat(self, **changes: Any) -> subprocess.Popen[bytes]:
        """Start a beat."""
        return self.start("beat", "--pidfile=", **changes)

    def start(self, *arguments: str, conf: Mapping[str, Any] | None = None, unguarded: str = "") -> Any:
        """Start `celery` with these arguments; `conf` are changed settings, `unguarded` is a guard to take away."""
        changed = {"HASTY": json.dumps(conf or {}), "UNGUARDED": unguarded}
        app = HASTY if conf or unguarded else "config"
        log = self.logs / f"{len(self.members)}.log"
        with log.open("wb") as output:
            member = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", app, *arguments, "-l", "INFO"],
                cwd=settings.BASE_DIR,
                env=self.environment | changed,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.members.append(member)
        return member

    def read_log(self, member: subprocess.Popen[bytes]) -> bytes:
        """Read what a member has printed so far."""
        return (self.logs / f"{self.members.index(member)}.log").read_bytes()

    def kill(self, member: subprocess.Popen[bytes]) -> None:
        """Kill a member with all its children, as a power cut does."""
        if member.poll() is None:
            os.killpg(member.pid, signal.SIGKILL)
            member.wait()


def list_children(parent: int) -> list[int]:
    """List the pool processes of a worker."""
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
