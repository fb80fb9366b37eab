"""Measures how fast a plan's grid is shown and saved: 500 employees, eight KPIs, the past under each target.

Run from the project's folder: python tests/performance/bench_grid.py [--deals N] [--reads N]; DATABASE_URL
chooses the kind of database.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from kpis.facts import rebuild  # noqa: E402
from targets.models import TargetPlan  # noqa: E402
from tests.performance.plans import name_fields, plan_for  # noqa: E402
from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import say  # noqa: E402
from tests.performance.synthetic import load_mirror  # noqa: E402

SHOWN, QUERIES = 300.0, 15


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--reads", type=int, default=60)
    options, _ = parser.parse_known_args()
    with scratch_database("itogi_bench_grid"):
        mirror = load_mirror(options.deals)
        rebuild(mirror.portal)
        plan = plan_for(mirror.portal, mirror.employees)
        browser = Client(headers={"host": "localhost"})
        browser.force_login(User.objects.create_superuser("root"))
        return 1 if run(browser, plan, options.reads) else 0


def run(browser: Client, plan: TargetPlan, times: int) -> bool:
    """Measure the page, a cell's panel, and a save of a whole column; says whether anything is beyond its limit."""
    page = f"/admin/targets/targetplan/{plan.pk}/change/"
    member = plan.members.order_by("pk")[0].pk
    with CaptureQueriesContext(connection) as queries:
        size = len(get(browser, page))
    say(f"{connection.vendor}: a grid of 500 × 8 takes {len(queries)} queries and {size / 1000:.0f} kB")
    slow = time_reads("the grid", SHOWN, lambda: get(browser, page), times)
    panel = f"/admin/targets/targetplan/{plan.pk}/cell/?cell={member}.revenue"
    slow |= time_reads("the panel of a cell", 100, lambda: get(browser, panel), times)
    start = time.perf_counter()
    browser.post(page, {"cells": name_fields(plan, "revenue", "2000001")})
    say(f"a save of 500 changed cells: {(time.perf_counter() - start) * 1000:.0f} ms")
    return slow or len(queries) > QUERIES


def get(browser: Client, address: str) -> bytes:
    """Read a page that must be there."""
    answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return answer.content


def time_reads(name: str, limit: float, read: Callable[[], object], times: int) -> bool:
    """Time reads after a warm-up; says whether the 95th percentile is beyond its limit. Units: milliseconds."""
    read()
    taken: list[float] = []
    worked: list[float] = []
    while len(taken) < times:
        start, begun = time.perf_counter(), time.process_time()
        read()
        taken.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - begun) * 1000)
    (middle, high), (_, busy) = find_quantiles(taken), find_quantiles(worked)
    # On a busy machine the processor's own time tells what a free one would take.
    say(f"{name}: median {middle:.0f} ms, p95 {high:.0f} ms, p95 of work {busy:.0f} ms; limit {limit:.0f} ms")
    return high > limit


def find_quantiles(values: list[float]) -> tuple[float, float]:
    """Find the median and the 95th percentile."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]


if __name__ == "__main__":
    sys.exit(main())
