"""The throttle in real time: threads and processes that share one row never make the portal refuse."""

import contextlib
import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from crmsync.bitrix24.client import Client
from crmsync.bitrix24.credentials import parse_webhook
from crmsync.bitrix24.errors import LimitedError
from crmsync.bitrix24.throttle import Throttle
from crmsync.sandbox import SandboxServer, Store
from tests.crmsync.bitrix24.doubles import SECRET
from tests.crmsync.bitrix24.test_throttle import count_refusals, run_threads

CAPACITY, LEAK, REQUESTS = 30, 20.0, 30
ADMIT = """
import json, sys, time
import django
from django.conf import settings
settings.configure(DATABASES={"default": json.loads(sys.argv[1])}, INSTALLED_APPS=["crmsync"], USE_TZ=True)
django.setup()
from crmsync.bitrix24.throttle import Throttle
for key in sys.argv[2:]:
    throttle = Throttle(key, capacity=30, leak=20.0)
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(30):
        throttle.acquire()
        print(time.time(), flush=True)
"""

pytestmark = pytest.mark.django_db(transaction=True)


def ask_from_threads(throttle: Throttle) -> SandboxServer:
    """Call the sandbox from two threads, nothing repeated; its log tells how it went."""
    with SandboxServer(Store.from_records({}), bucket_capacity=CAPACITY, bucket_leak=LEAK, code=SECRET) as server:

        def ask() -> None:
            with Client(parse_webhook(server.url), throttle=throttle, attempts=1) as client:
                for _ in range(REQUESTS):
                    with contextlib.suppress(LimitedError):
                        client.call("server.time")

        run_threads(ask, threads=2)
    return server


def test_threads_never_make_the_portal_refuse() -> None:
    server = ask_from_threads(Throttle("romashka.example", capacity=CAPACITY, leak=LEAK))
    assert (server.log.counters["status 200"], server.log.counters["status 503"]) == (2 * REQUESTS, 0)


def test_threads_are_refused_without_a_throttle() -> None:
    server = ask_from_threads(Throttle("romashka.example", capacity=CAPACITY, leak=0))
    assert server.log.counters["status 503"] > 0


def start_process(*keys: str) -> subprocess.Popen[str]:
    """Start a process that takes 30 places under each key, when told to."""
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = json.dumps({name: connection.settings_dict[name] for name in names})
    command = [sys.executable, "-c", ADMIT, database, *keys]
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )


def admit_together(processes: list[subprocess.Popen[str]]) -> list[float]:
    """Let all processes take places at once; return when each was granted."""
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
    return [float(process.stdout.readline()) for process in processes if process.stdout for _ in range(REQUESTS)]


def test_processes_share_one_bucket_and_need_to() -> None:
    processes = [start_process("shared", "first"), start_process("shared", "second")]
    shared, apart = admit_together(processes), admit_together(processes)
    for process in processes:
        process.communicate(timeout=30)
    assert count_refusals(shared, capacity=CAPACITY, leak=LEAK) == 0
    assert count_refusals(apart, capacity=CAPACITY, leak=LEAK) > 0
