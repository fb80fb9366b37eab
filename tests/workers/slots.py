"""Five hundred slots on each broker, and the same without the lease, which must show that the fault bites.

Run from the project's folder: python -m tests.workers.slots [--slots N] [--broker redis|amqp]; DATABASE_URL chooses
the kind of database, Redis and RabbitMQ must answer on this machine.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import say  # noqa: E402
from tests.workers.brokers import PORTS, Broker  # noqa: E402
from tests.workers.redelivery import Tally, run  # noqa: E402

PORTALS, PROCESSES = 12, 4
CONTROL_SLOTS = 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slots", type=int, default=500)
    parser.add_argument("--broker", choices=PORTS)
    options = parser.parse_args()
    good = [prove(kind, options.slots) for kind in PORTS if options.broker in (None, kind)]
    return 0 if all(good) else 1


def prove(kind: str, slots: int) -> bool:
    """Run with the lease and without it; good is once with it, and more than once without."""
    guarded = measure(kind, slots, "")
    say(f"{kind}: {tell(guarded)}")
    unguarded = measure(kind, CONTROL_SLOTS, "lease")
    say(f"{kind}, without the lease: {tell(unguarded)}")
    return guarded.is_once and guarded.delivered_again > 0 and unguarded.doubled > 0


def measure(kind: str, slots: int, unguarded: str) -> Tally:
    """Run once in a database of its own, and leave nothing on the broker."""
    broker = Broker(kind)
    with tempfile.TemporaryDirectory() as folder, scratch_database("itogi_slots"):
        try:
            return run(
                broker,
                slots=slots,
                portals=PORTALS,
                processes=PROCESSES,
                logs=Path(folder),
                code="sandbox-secret",
                unguarded=unguarded,
                limit=120 + slots,
            )
        finally:
            broker.forget()


def tell(tally: Tally) -> str:
    """Write what became of the slots in one line."""
    return (
        f"{tally.slots} slots in {tally.seconds:.0f} s, runs {tally.outcomes}; {tally.doubled} doubled, "
        f"{tally.missing} without a complete run, {tally.undone} open, {tally.differing} mirrors differ; "
        f"{tally.tasks} tasks, {tally.delivered_again} deliveries more"
    )


if __name__ == "__main__":
    sys.exit(main())
