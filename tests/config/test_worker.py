"""A task sent through the embedded broker is carried out by a real worker process, on the suite's own database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.conf import settings
from kombu import Queue

from config.celery import app
from crmsync.models import Portal, TouchedDay
from tests.workers.fleet import name_database, wait_until


@contextmanager
def run_worker(*, queue: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the one process that the embedded broker needs."""
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-P", "solo"]
    environment = os.environ | {"DATABASE_URL": name_database(), "CELERY_QUEUE": queue}
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.DEVNULL) as worker:
        try:
            yield worker
        finally:
            worker.terminate()


@pytest.mark.django_db(transaction=True)
def test_sent_task_is_carried_out_by_a_worker(portal: Portal) -> None:
    queue = f"itogi-test-{uuid4().hex}"
    TouchedDay.objects.create(portal=portal, day=None)
    with app.connection_for_write() as link:
        app.send_task("kpis.tasks.refill_portals", queue=queue, connection=link)
        with run_worker(queue=queue) as worker:
            assert wait_until(lambda: not TouchedDay.objects.exists() or worker.poll() is not None)
        Queue(queue, channel=link.default_channel).delete()
    assert not TouchedDay.objects.exists()
