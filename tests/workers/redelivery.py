"""Two beats, two workers, and a broker that delivers tasks again while they are worked on; the slots are counted."""

import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from config.schedule import install_schedule, set_interval
from crmsync.connect import connect_portal
from crmsync.due import find_interval_start
from crmsync.models import Portal, Slot, SyncRun
from crmsync.sandbox.server import SandboxServer
from tests.crmsync.sync.company import differences, make_store
from tests.workers.brokers import Broker
from tests.workers.fleet import Fleet, wait_until
from tests.workers.proxy import Proxy

# Redis gives a task to another worker after a second; RabbitMQ does when a connection breaks. Both while it is at work.
IMPATIENT = {"visibility_timeout": 1, "unacked_restore_interval": 1, "unacked_restore_throttle": 1}
CUT_SECONDS = 4.0
DELAYED, DELAY_SECONDS = 0.25, 0.8
# Years, so that the moment at which such a slot is due has long passed.
REST_SECONDS = 10**8
RECEIVED = re.compile(rb"tend_portal\[([0-9a-f-]+)\] received")


@dataclass(frozen=True)
class Tally:
    """What became of the slots, and how often their tasks were delivered."""

    slots: int
    undone: int
    missing: int
    doubled: int
    outcomes: dict[str, int]
    tasks: int
    delivered_again: int
    differing: int
    seconds: float

    @property
    def is_once(self) -> bool:
        """Tell whether every slot was done by exactly one complete run and every mirror equals its portal."""
        return not (self.undone or self.missing or self.doubled or self.differing)


@contextmanager
def serve_portals(count: int, *, code: str) -> Iterator[list[SandboxServer]]:
    """Serve that many small companies, slow by chance, each connected and due each second."""
    with ExitStack() as stack:
        servers = []
        for _ in range(count):
            store = make_store(deals=8, leads=4, activities=6)
            servers.append(stack.enter_context(SandboxServer(store, code=code, bucket_capacity=0, operating_limit=0)))
            connect_portal(servers[-1].url, name=f"Ромашка {servers[-1].port}")
            servers[-1].faults.add("delay", seconds=DELAY_SECONDS, probability=DELAYED)
        Portal.objects.update(bucket_leak=0, sync_seconds=1)
        yield servers


def start_all(fleet: Fleet, broker: Broker, *, processes: int, unguarded: str) -> None:
    """Start two workers and two beats."""
    conf: dict[str, Any] = {"broker_transport_options": IMPATIENT} if broker.kind == "redis" else {}
    fleet.start_workers(2, processes=processes, conf=conf, unguarded=unguarded)
    for _ in range(2):
        fleet.start_beat(conf=conf)


def disturb(proxy: Proxy, broker: Broker, servers: Sequence[SandboxServer], *, slots: int, limit: float) -> None:
    """Change records and break connections until so many slots are done."""
    chance, start = random.Random(7), time.monotonic()
    cut_at = start + CUT_SECONDS
    while Slot.objects.exclude(done_at=None).count() < slots:
        assert time.monotonic() - start < limit, "The workers do too little."
        chance.choice(servers).store.update("deals", chance.randint(1, 8), opportunity=chance.randint(1, 9999))
        if broker.kind == "amqp" and time.monotonic() > cut_at:
            proxy.cut()
            cut_at += CUT_SECONDS
        time.sleep(0.2)


def finish() -> None:
    """Let everything come to rest: one more slot a portal becomes due, and no other after it."""
    Portal.objects.update(sync_seconds=REST_SECONDS)
    last = Slot.objects.filter(due_at=find_interval_start(timezone.now(), seconds=REST_SECONDS))
    assert wait_until(lambda: last.exclude(done_at=None).count() == Portal.objects.count(), seconds=60)
    assert wait_until(lambda: not Slot.objects.filter(done_at=None).exists(), seconds=60)


def count_tasks(fleet: Fleet) -> tuple[int, int]:
    """Count the tasks that workers received, and how many deliveries were more than the first."""
    received = Counter(key for member in fleet.members for key in RECEIVED.findall(fleet.read_log(member)))
    return len(received), received.total() - len(received)


def count_slots(fleet: Fleet, servers: Sequence[SandboxServer], *, seconds: float) -> Tally:
    """Count complete runs by slot and compare every mirror with its portal."""
    complete = Count("runs", filter=Q(runs__outcome=SyncRun.Outcome.COMPLETE))
    slots = Slot.objects.annotate(complete=complete)
    outcomes = SyncRun.objects.values_list("outcome").annotate(Count("pk"))
    tasks, again = count_tasks(fleet)
    portals = {portal.origin: portal for portal in Portal.objects.all()}
    return Tally(
        slots=slots.count(),
        undone=slots.filter(done_at=None).count(),
        missing=slots.filter(complete=0).count(),
        doubled=slots.filter(complete__gt=1).count(),
        outcomes=dict(outcomes),
        tasks=tasks,
        delivered_again=again,
        differing=sum(bool(differences(server.store, portals[server.origin])) for server in servers),
        seconds=seconds,
    )


def run(
    broker: Broker,
    *,
    slots: int,
    portals: int,
    processes: int,
    logs: Path,
    code: str,
    unguarded: str = "",
    limit: float = 120,
) -> Tally:
    """Let so many slots pass and tell what became of them; the database is the caller's."""
    install_schedule()
    set_interval("itogi.tick", seconds=1)
    start = time.monotonic()
    with serve_portals(portals, code=code) as servers, Proxy(broker.port) as proxy:
        with Fleet(broker.knobs(proxy.port), logs=logs) as fleet:
            start_all(fleet, broker, processes=processes, unguarded=unguarded)
            disturb(proxy, broker, servers, slots=slots, limit=limit)
            finish()
        return count_slots(fleet, servers, seconds=time.monotonic() - start)
