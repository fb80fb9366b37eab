"""A real process killed in the middle of a sync: the next run converges, nothing lost, nothing doubled."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from crmsync.models import Deal, Portal, SyncRun
from tests.crmsync.sync.company import differences, make_store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    return make_store(deals=900, leads=300, activities=400)


def start_sync(portal: Portal) -> subprocess.Popen[bytes]:
    """Run the real command against the test's database."""
    settings = connection.settings_dict
    name = settings["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else postgres_url(settings)
    environment = {**os.environ, "DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "manage.py", "sync", "--portal", str(portal.pk)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def postgres_url(settings) -> str:
    """Write the address of the test database."""
    who = f"{settings['USER']}:{settings['PASSWORD']}" if settings["PASSWORD"] else settings["USER"]
    return f"postgres://{who}@{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"


def kill_after(server, process: subprocess.Popen[bytes], requests: int) -> None:
    """Kill a process outright once the portal has had so many requests from it."""
    deadline = time.monotonic() + 60
    while server.log.counters["requests"] < requests and process.poll() is None:
        assert time.monotonic() < deadline, "The sync asked for too little."
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize("requests", [3, 5, 7, 9])
def test_kill_at_any_point_costs_nothing(connected, server, store, run, requests):
    server.log.clear()
    kill_after(server, start_sync(connected), requests)
    store.update("deals", 1, opportunity=1)
    assert run(connected).outcome == SyncRun.Outcome.COMPLETE
    assert differences(store, connected) == []


def test_run_after_a_kill_resumes_instead_of_starting_over(connected, server, store, run):
    process = start_sync(connected)
    deadline = time.monotonic() + 60
    while not Deal.objects.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    ended = run(connected)
    assert SyncRun.objects.filter(outcome=SyncRun.Outcome.ABANDONED).count() == 1
    assert ended.done < 900 + 300 + 400 + 1500
    assert differences(store, connected) == []


def test_real_command_exits_with_zero_only_when_everything_is_complete(connected, server):
    process = start_sync(connected)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    server.faults.add("insufficient_scope", method="crm.activity.list")
    process = start_sync(connected)
    process.communicate(timeout=60)
    assert process.returncode == 1
