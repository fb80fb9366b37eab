"""The demo and the server as a person meets them: real processes, a real page, and nothing left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings

from config.processes import is_free


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """Let child processes hear SIGINT even where the suite runs in the background and ignores it."""
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, heard)


def find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def run_command(*arguments: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a command of manage.py with a data folder and the embedded database of its own."""
    knobs = {"DATA_DIR": str(folder), "DATABASE_URL": "", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", *arguments]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | knobs, **output) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.terminate()


def read_until(process: subprocess.Popen[str], pattern: str) -> str:
    """Read the output up to a line with the pattern; everything when it never comes."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if re.search(pattern, line):
            break
    return "".join(lines)


def list_children(parent: int) -> dict[str, int]:
    """Map each child's command line to its number."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {Path(f"/proc/{child}/cmdline").read_text().replace("\0", " "): int(child) for child in children}


def log_in(address: str, name: str, password: str) -> requests.Response:
    session = requests.Session()
    session.trust_env = False
    page = session.get(f"{address}admin/", timeout=20).url
    form = {"login": name, "password": password, "next": "/", "csrfmiddlewaretoken": session.cookies["csrftoken"]}
    return session.post(page, data=form, timeout=20)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="children are found through /proc")
def test_demo_shows_kpis_serves_them_and_ends_with_its_parts(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "itogi.sqlite3").write_text("left by an earlier demo")
    with run_command("demo", "--deals", "60", "--port", str(find_port()), folder=tmp_path) as demo:
        output = read_until(demo, "Ctrl-C")
        assert output.count("Вся команда") == 2, output
        address = re.findall(r"http://127\S+/(?=\n)", output)[0]
        logins = re.findall(r"\b(admin|head|manager) .*?([\w-]{12}) \(", output)
        assert [name for name, _password in logins] == ["admin", "head", "manager"], output
        pages = [log_in(address, *login).text for login in logins]
        assert ["Вся команда" in page for page in pages] == [True, False, False]
        assert ['href="/admin/"' in page for page in pages] == [True, True, False]
        rows = [page.count('<th scope="row">') for page in pages]
        assert rows[1] > rows[2] == 1
        children = list_children(demo.pid)
        assert len(children) == 3
        os.kill(next(child for command, child in children.items() if "sandbox" in command), signal.SIGKILL)
        assert "«sandbox» завершился сам" in read_until(demo, "never")
        assert demo.wait(20) == 1
    assert is_free(urlsplit(address).port or 0)
    assert not [child for child in children.values() if Path(f"/proc/{child}").exists()]


def test_server_ends_with_ctrl_c(tmp_path: Path) -> None:
    port = find_port()
    with run_command("serve", "--port", str(port), folder=tmp_path) as server:
        read_until(server, "Ctrl-C")
        assert not is_free(port)
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
    assert is_free(port)


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_taken_port_is_told_in_one_sentence(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with run_command(command, "--port", str(port), folder=tmp_path) as process:
            output = read_until(process, "never")
            assert process.wait(20) == 2
    assert output.count("\n") == 1
    assert f"Порт {port} занят" in output
