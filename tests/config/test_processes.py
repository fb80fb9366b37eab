"""Processes that live and die together: none survives, and the one that ended is named."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from config import processes
from config.processes import Crew, is_free

WAIT = "import time; time.sleep(60)"
READY = "print('ready', flush=True)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {READY}; {WAIT}"
# Ends at once on SIGTERM, but leaves a child of its own behind.
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {WAIT!r}]); {READY}; {WAIT}"


def is_alive(session: int) -> bool:
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    return True


def is_gone(session: int) -> bool:
    """Tell whether a session ends soon: who inherits a killed orphan buries it a moment later."""
    deadline = time.monotonic() + 5
    while is_alive(session) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(session)


def start_and_wait(crew: Crew, code: str, *, logs: Path) -> int:
    """Start a child and wait for its first line; returns the number of its session."""
    crew.start("child", "-c", code)
    while "ready" not in (logs / "child.log").read_text():
        assert crew.find_dead() is None
    return crew.members["child"].pid


def test_every_member_is_ended() -> None:
    with Crew({}) as crew:
        crew.start("one", "-c", WAIT)
        crew.start("two", "-c", WAIT)
        members = list(crew.members.values())
    assert [member.returncode for member in members] == [-signal.SIGTERM] * 2


def test_member_that_ignores_the_request_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.2)
    with Crew({}, logs=tmp_path) as crew:
        session = start_and_wait(crew, STUBBORN, logs=tmp_path)
    assert is_gone(session)


def test_child_of_a_member_is_ended_too(tmp_path: Path) -> None:
    with Crew({}, logs=tmp_path) as crew:
        session = start_and_wait(crew, PARENT, logs=tmp_path)
    assert is_gone(session)


def test_child_of_a_member_would_survive_a_plain_request(tmp_path: Path) -> None:
    with Crew({}, logs=tmp_path) as crew:
        session = start_and_wait(crew, PARENT, logs=tmp_path)
        crew.members["child"].terminate()
        crew.members["child"].wait()
        assert is_alive(session)


def test_members_are_ended_when_something_fails() -> None:
    with pytest.raises(RuntimeError), Crew({}) as crew:
        crew.start("one", "-c", WAIT)
        member: subprocess.Popen[bytes] = crew.members["one"]
        raise RuntimeError
    assert member.returncode == -signal.SIGTERM


def test_member_that_ended_is_named() -> None:
    with Crew({}) as crew:
        crew.start("steady", "-c", WAIT)
        crew.start("brief", "-c", "")
        assert crew.watch() == "brief"


def test_member_that_dies_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with Crew({}) as crew:
        crew.start("brief", "-c", "")
        assert crew.wait_for_port("brief", port=port) is False


def test_listening_member_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with Crew({}) as crew:
        crew.start("server", "-m", "http.server", "--bind", "127.0.0.1", str(port))
        assert crew.wait_for_port("server", port=port) is True


def test_taken_port_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)
