"""Processes that live and die together: what `serve` and `demo` start, watch and end."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn

LOOPBACK = "127.0.0.1"
GRACE_SECONDS = 10
WATCH_SECONDS = 0.2

SITE = ("-m", "gunicorn", "config.wsgi:application", "--worker-class", "gthread", "--threads", "4")
WORKER = ("-m", "celery", "-A", "config", "worker", "--beat", "--pool", "solo", "--without-gossip", "--without-mingle")


def name_site(port: int) -> tuple[str, ...]:
    """Name the command that serves the site on loopback."""
    return (*SITE, "--bind", f"{LOOPBACK}:{port}", "--log-level", "warning", "--no-control-socket")


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((LOOPBACK, port)) != 0 and can_bind(probe, port=port)


def can_bind(probe: socket.socket, *, port: int) -> bool:
    """Try to take the port."""
    try:
        probe.bind((LOOPBACK, port))
    except OSError:
        return False
    return True


def exit_on_signals() -> None:
    """Let SIGTERM and a closed terminal unwind like Ctrl-C does, so that children are ended."""

    def leave(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)


class Crew:
    """Child processes by name; leaving the `with` block ends them all, whatever happened."""

    def __init__(self, environment: Mapping[str, str], *, logs: Path | None = None) -> None:
        self.environment = dict(os.environ) | dict(environment)
        self.logs = logs
        self.members: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.end()

    def start(self, name: str, *arguments: str) -> None:
        """Start Python with these arguments in a session of its own: Ctrl-C reaches us alone, and we end it."""
        log = self.name_log(name)
        output = log.open("wb") if log else None
        try:
            self.members[name] = subprocess.Popen(  # noqa: S603 - our own commands
                [sys.executable, *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        finally:
            if output:
                output.close()

    def name_log(self, name: str) -> Path | None:
        """Name the file that takes what a member prints; None where it prints beside us."""
        return self.logs / f"{name}.log" if self.logs else None

    def find_dead(self) -> str | None:
        """Name a member that has ended; None while all live."""
        return next((name for name, member in self.members.items() if member.poll() is not None), None)

    def wait_for_port(self, name: str, *, port: int, seconds: float = 30) -> bool:
        """Wait until the member listens; False when it died or took too long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.members[name].poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((LOOPBACK, port)) == 0:
                    return True
            time.sleep(0.05)
        return False

    def watch(self) -> str:
        """Block until a member ends, and name it."""
        while (dead := self.find_dead()) is None:
            time.sleep(WATCH_SECONDS)
        return dead

    def end(self) -> None:
        """Ask every member to end, then end what is left of its session; a second Ctrl-C does not stop this."""
        heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)
        deadline = time.monotonic() + GRACE_SECONDS
        for member in self.members.values():
            member.terminate()
        for member in self.members.values():
            try:
                member.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                member.kill()
                member.wait()
            end_session(member.pid)
        self.members.clear()
        signal.signal(signal.SIGINT, heeded)


def end_session(leader: int) -> None:
    """End what a member may have left in its session, such as beat beside a killed worker."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
