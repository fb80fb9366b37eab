"""Measures the nightly checks beside the full sync they check: the search for deleted records, and the proof.

Run from the project's folder: python tests/performance/bench_checks.py [--deals N] [--runs N]; DATABASE_URL
chooses the kind of database. The sandbox is a process of its own and limits nothing.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from crmsync.connect import connect_portal  # noqa: E402
from crmsync.models import Portal, Proof, SyncRun  # noqa: E402
from crmsync.proof import prove_portal  # noqa: E402
from crmsync.sweep import Sweep  # noqa: E402
from crmsync.sync import sync_portal  # noqa: E402
from tests.performance.bench_sync import sandbox  # noqa: E402
from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import Timing, describe, measure, say, take_median  # noqa: E402

MOST_OF_A_SYNC = {"sweep": 0.5, "proof": 1.5}
MOST_MEMORY_MB = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    options, _ = parser.parse_known_args()
    with scratch_database("itogi_bench_checks"), sandbox(options.deals) as url:
        portal = connect_portal(url, name="checks").portal
        Portal.objects.update(bucket_leak=0)
        return 0 if bench_checks(Portal.objects.get(pk=portal.pk), runs=options.runs) else 1


def bench_checks(portal: Portal, *, runs: int) -> bool:
    """Copy a portal once, then check it several times."""
    copied = measure(lambda: sync_portal(portal))
    sweeps = [measure(lambda: sync_portal(portal, sweep=Sweep(timezone.now()))) for _ in range(runs)]
    proofs = [measure(lambda: prove_portal(portal)) for _ in range(runs)]
    run: SyncRun = copied.result
    say(f"{connection.vendor}: full sync of {run.done:,} records: {copied.seconds:.1f} s, {run.requests} requests")
    good = [tell("sweep", sweeps, copied), tell("proof", proofs, copied)]
    swept, proved = sweeps[-1].result, proofs[-1].result
    say(f"requests of a sweep with its sync: {swept.requests}; records compared by a proof: {proved.compared:,}")
    return all(good) and swept.outcome == SyncRun.Outcome.COMPLETE and proved.outcome == Proof.Outcome.EQUAL


def tell(name: str, timings: list[Timing], copied: Timing) -> bool:
    """Tell how long a check takes beside the full sync."""
    ratio, limit = take_median(timings) / copied.seconds, MOST_OF_A_SYNC[name]
    peak: Any = max(timing.memory for timing in timings) / 1e6
    say(f"{name}: {describe(timings)}, {ratio:.2f} of the full sync, limit {limit}")
    return ratio <= limit and peak <= MOST_MEMORY_MB


if __name__ == "__main__":
    sys.exit(main())
