"""Whoever sends a task waits five seconds at most, also for a broker that is down or deaf, and is told."""

import subprocess
from collections.abc import Callable

import pytest

from tests.workers.brokers import Broker
from tests.workers.proxy import Proxy
from tests.workers.script import run_script

pytestmark = [pytest.mark.broker, pytest.mark.django_db(transaction=True)]
MOST_SECONDS = 5.0
SEND = """
from kombu.exceptions import OperationalError
import config.celery
from crmsync.tasks import wake
for _ in sys.stdin:
    start, said = time.monotonic(), "sent"
    try:
        wake(1)
    except OperationalError:
        said = "refused"
    print(said, time.monotonic() - start, flush=True)
"""


def send(process: subprocess.Popen[str]) -> tuple[str, float]:
    """Let the process send a task; returns what it was told and how long that took."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    said, seconds = process.stdout.readline().split()
    return said, float(seconds)


@pytest.mark.parametrize("fail", [Proxy.refuse, Proxy.deafen])
def test_click_is_answered_in_time(broker: Broker, proxy: Proxy, fail: Callable[[Proxy], None]) -> None:
    with run_script(SEND, knobs=broker.knobs(proxy.port)) as process:
        assert send(process)[0] == "sent"
        fail(proxy)
        answers = [send(process) for _ in range(2)]
        assert [said for said, _ in answers] == ["refused"] * 2
        assert max(seconds for _, seconds in answers) < MOST_SECONDS
        proxy.resume()
        assert send(process)[0] == "sent"


def test_click_after_a_restart_of_the_broker_is_not_refused(broker: Broker, proxy: Proxy) -> None:
    with run_script(SEND, knobs=broker.knobs(proxy.port)) as process:
        assert send(process)[0] == "sent"
        proxy.cut()
        assert send(process)[0] == "sent"
