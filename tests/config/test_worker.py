"""A task sent through the broker is carried out by a real worker process, on the suite's own database."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from kombu import Queue

from config.celery import app
from crmsync.models import Portal, TouchedDay

BROKERS = ["filesystem://", pytest.param("redis://127.0.0.1:6379/15", marks=pytest.mark.broker)]
PATIENCE_SECONDS = 30


def name_database() -> str:
    """Name the suite's database as a child process must be told it."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    user, password = quote(config["USER"] or ""), quote(config["PASSWORD"] or "")
    return f"postgres://{user}:{password}@{config['HOST']}:{config['PORT'] or 5432}/{config['NAME']}"


@contextmanager
def run_worker(broker: str, *, queue: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-P", "solo", "-Q", queue]
    environment = os.environ | {"DATABASE_URL": name_database(), "CELERY_BROKER_URL": broker}
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.DEVNULL) as worker:
        try:
            yield worker
        finally:
            worker.terminate()


def wait_until(happened: Callable[[], bool], worker: subprocess.Popen[bytes]) -> bool:
    """Poll until it has happened; False when time is up or the worker died."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and worker.poll() is None:
        if happened():
            return True
        time.sleep(0.05)
    return happened()


@pytest.mark.parametrize("broker", BROKERS)
@pytest.mark.django_db(transaction=True)
def test_sent_task_is_carried_out_by_a_worker(broker: str, portal: Portal) -> None:
    queue = f"itogi-test-{uuid4().hex}"
    TouchedDay.objects.create(portal=portal, day=None)
    with app.connection_for_write(broker, transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS) as link:
        app.send_task("kpis.tasks.refill_portals", queue=queue, connection=link)
        with run_worker(broker, queue=queue) as worker:
            assert wait_until(lambda: not TouchedDay.objects.exists(), worker)
        Queue(queue, channel=link.default_channel).delete()
