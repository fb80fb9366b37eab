"""Measures how fast KPIs are read: an employee's month with comparisons and history, a quarter's ranking, explanations.

Run from the project's folder: python tests/performance/bench_kpis.py [--deals N] [--runs N]; DATABASE_URL
chooses the kind of database. The months read lie in the past, so nothing is cut.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from kpis.compare import compare  # noqa: E402
from kpis.evaluate import evaluate  # noqa: E402
from kpis.explanations.explain import explain  # noqa: E402
from kpis.facts import rebuild  # noqa: E402
from kpis.periods import parse_period  # noqa: E402
from kpis.ranking import rank_employees  # noqa: E402
from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import measure, say  # noqa: E402
from tests.performance.synthetic import Mirror, load_mirror  # noqa: E402

NOW = datetime(2027, 2, 1, 12, tzinfo=ZoneInfo("Europe/Moscow"))
RUNNING = datetime(2026, 10, 12, 12, tzinfo=ZoneInfo("Europe/Moscow"))
MONTH, QUARTER = parse_period("2026-10"), parse_period("2026-Q3")
LIMIT = 25.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--reads", type=int, default=200)
    options, _ = parser.parse_known_args()
    with scratch_database("itogi_bench_kpis"):
        mirror = measure(lambda: load_mirror(options.deals)).result
        filling = measure(lambda: rebuild(mirror.portal))
        say(f"{connection.vendor}: {mirror.rows:,} records; facts filled in {filling.seconds:.0f} s")
        slow = [
            name for name, limit, read in list_reads(mirror) if time_reads(name, limit, read, options.reads) > limit
        ]
    if slow:
        say(f"slower than their limit: {', '.join(slow)}")
    return 1 if slow else 0


def list_reads(mirror: Mirror) -> list[tuple[str, float, Callable[[], object]]]:
    """List what is read: its name, its limit in milliseconds at the 95th percentile, and how."""
    portal, chance = mirror.portal, random.Random(1)

    def pick() -> int:
        return chance.choice(mirror.employees)

    def card(now: datetime, **options: object) -> object:
        return compare(portal, MONTH, now=now, employees=[pick()], by="employee", with_history=True, **options)  # type: ignore[arg-type]

    return [
        ("an employee's month with comparisons and 13 months", LIMIT, lambda: card(NOW)),
        ("the same while the month is running", LIMIT, lambda: card(RUNNING)),
        ("a quarter's ranking of 500 by revenue", LIMIT, lambda: rank_employees(portal, QUARTER, "revenue")),
        ("a quarter's ranking of 500 by CSAT", LIMIT, lambda: rank_employees(portal, QUARTER, "csat")),
        ("all KPIs of 500 for a quarter", 1000, lambda: evaluate(portal, QUARTER)),
        (
            "an explanation of an employee's month",
            300,
            lambda: explain(portal, "revenue", MONTH, now=NOW, employee=None),
        ),
    ]


def time_reads(name: str, limit: float, read: Callable[[], object], times: int) -> float:
    """Time reads after a warm-up and tell the median and the 95th percentile. Units: milliseconds."""
    read()
    taken: list[float] = []
    while len(taken) < times and sum(taken) < 30_000:
        start = time.perf_counter()
        read()
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    high = taken[int(len(taken) * 0.95)]
    say(f"{name}: median {taken[len(taken) // 2]:.1f} ms, p95 {high:.1f} ms of {len(taken)}; limit {limit:.0f} ms")
    return high


if __name__ == "__main__":
    sys.exit(main())
