"""However many processes call a portal, all of them together keep to its two requests a second."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest

from crmsync.bitrix24.throttle import Throttle
from crmsync.models import Portal
from crmsync.sandbox.server import SandboxServer
from tests.workers.fleet import wait_until
from tests.workers.script import run_script

pytestmark = pytest.mark.broker
PROCESSES, WINDOW_SECONDS = 4, 30.0
ASK = """
from crmsync.connect import open_source
from crmsync.models import Portal
source = open_source(Portal.objects.get(pk=sys.argv[1]), on_request=lambda: None)
print("ready", flush=True)
for _ in sys.stdin:
    while True:
        source.client.call("server.time")
"""


def count_requests(portal: Portal, server: SandboxServer, *, seconds: float) -> int:
    """Let processes call the portal as fast as they may, and count in the portal's own log."""
    with ExitStack() as stack:
        askers = [stack.enter_context(run_script(ASK, portal.pk, knobs={})) for _ in range(PROCESSES)]
        assert all(asker.stdout and asker.stdout.readline() == "ready\n" for asker in askers)
        server.log.clear()
        # The burst that a portal allows is over.
        Throttle(portal.origin.partition("//")[2], capacity=50, leak=2.0).flood()
        for asker in askers:
            assert asker.stdin
            asker.stdin.write("\n")
            asker.stdin.flush()
        assert wait_until(lambda: server.log and server.log[-1].at - server.log[0].at > seconds, seconds=seconds + 30)
    return sum(entry.at - server.log[0].at <= seconds for entry in server.log)


def test_processes_together_keep_to_two_requests_a_second(
    connect: Callable[..., Portal], server: SandboxServer
) -> None:
    portal = connect(server, bucket_leak=2.0)
    requests = count_requests(portal, server, seconds=WINDOW_SECONDS)
    # Each process may have one request on its way at the window's edge.
    assert WINDOW_SECONDS < requests <= 2 * WINDOW_SECONDS + PROCESSES


def test_processes_without_the_bucket_do_not(connect: Callable[..., Portal], server: SandboxServer) -> None:
    portal = connect(server, bucket_leak=0)
    assert count_requests(portal, server, seconds=2) > 3 * 2 * 2
