"""Measures how fast the API answers: the catalogue, an employee's month plain and compared, an explanation, people.

Run from the project's folder: python tests/performance/bench_api.py [--deals N] [--requests N]; DATABASE_URL chooses
the kind of database. Requests pass through every layer of the site but the network, by a token of somebody who sees
everything.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["API_RATE"] = "999999999/s"

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from crmsync.models import Employee  # noqa: E402
from crmsync.tokens import make_token  # noqa: E402
from kpis.facts import rebuild  # noqa: E402
from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import say  # noqa: E402
from tests.performance.synthetic import Mirror, load_mirror  # noqa: E402

# Milliseconds at the 95th percentile.
Request = tuple[str, float, Callable[[], str]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200)
    options, _ = parser.parse_known_args()
    with scratch_database("itogi_bench_api"):
        mirror = load_mirror(options.deals)
        rebuild(mirror.portal)
        say(f"{connection.vendor}: {mirror.rows:,} records, {len(mirror.employees)} employees")
        client = log_in()
        late = [told[0] for told in list_requests(mirror) if time_requests(client, *told, options.requests) > told[1]]
    if late:
        say(f"slower than their limit: {', '.join(late)}")
    return 1 if late else 0


def log_in() -> Client:
    """Make a client that sends a token."""
    owner = User.objects.create_superuser("bench")
    text = make_token(owner, name="bench", lifetime=timedelta(days=1), now=timezone.now()).text
    # The test client calls any host "testserver".
    return Client(headers={"authorization": f"Bearer {text}"}, SERVER_NAME="localhost")


def list_requests(mirror: Mirror) -> list[Request]:
    """List what is asked: its name, its limit and its address."""
    chance = random.Random(1)
    ids = dict(Employee.objects.values_list("pk", "external_id"))

    def month(address: str) -> Callable[[], str]:
        return lambda: f"{address}period=2026-10&employee={ids[chance.choice(mirror.employees)]}"

    return [
        ("the catalogue", 50, lambda: "kpis/"),
        ("a page of 100 employees", 100, lambda: "employees/"),
        ("an employee's month", 100, month("kpi-values/?")),
        ("the same with comparisons and 13 months", 100, month("kpi-values/?compare=true&")),
        ("an employee's year by month", 100, lambda: month("kpi-values/?every=month&")().replace("2026-10", "2026")),
        ("an explanation of an employee's month", 500, month("explain/?kpi=revenue&")),
        ("a page of all KPIs of everybody in a month", 1500, lambda: "kpi-values/?period=2026-10&limit=1000"),
    ]


def time_requests(client: Client, name: str, limit: float, address: Callable[[], str], times: int) -> float:
    """Time requests after a warm-up and tell the median and the 95th percentile. Units: milliseconds."""
    taken: list[float] = []
    while len(taken) <= times and sum(taken) < 20_000:
        path = f"/api/v1/{address()}"
        start = time.perf_counter()
        response = client.get(path)
        taken.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code} {response.content.decode()[:300]}")
    counted = sorted(taken[1:])
    high = counted[int(len(counted) * 0.95)]
    middle = counted[len(counted) // 2]
    say(f"{name}: median {middle:.1f} ms, p95 {high:.1f} ms of {len(counted)}; limit {limit:.0f} ms")
    return high


if __name__ == "__main__":
    sys.exit(main())
