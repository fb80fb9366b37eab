"""Measures the filling of facts against hand-written SQL, in a database of its own that is dropped at the end.

Run from the project's folder: python tests/performance/bench_facts.py [--deals N] [--runs N]; DATABASE_URL
chooses the kind of database. Leads are twice, activities five times as many as deals.
"""

import argparse
import os
import sys
import zlib
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.db import connection  # noqa: E402

from crmsync.models import Activity, Deal, Semantics, TouchedDay  # noqa: E402
from kpis.facts import rebuild, refill  # noqa: E402
from kpis.measures import BY_KEY  # noqa: E402
from kpis.models import DailyFact, Fact, MonthlyFact  # noqa: E402
from tests.performance.facts_by_hand import rebuild_by_hand  # noqa: E402
from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import describe, measure, say, take_median  # noqa: E402
from tests.performance.synthetic import Mirror, load_mirror  # noqa: E402

LIMIT = 1.5
CHANGED_DEALS, CHANGED_ACTIVITIES = 2_000, 5_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options, _ = parser.parse_known_args()
    with scratch_database("itogi_bench_facts"):
        loading = measure(lambda: load_mirror(options.deals))
        mirror = loading.result
        say(f"{connection.vendor}: {mirror.rows:,} records loaded in {loading.seconds:.0f} s")
        ratio = compare_rebuilds(mirror, options.runs)
        for name, newest in (("newest records", True), ("records of all years", False)):
            compare_increments(mirror, options.runs, name=name, newest=newest)
    return 0 if ratio <= LIMIT else 1


def compare_rebuilds(mirror: Mirror, runs: int) -> float:
    """Time both rebuilds in turn after a warm-up, and make sure that they agree to the row."""
    rebuild_by_hand(mirror.portal)
    by_hand = digest()
    rebuild(mirror.portal)
    if digest() != by_hand:
        sys.exit("The rebuild and the hand-written SQL give different facts.")
    theirs, ours = [], []
    for _ in range(runs):
        theirs.append(measure(lambda: rebuild_by_hand(mirror.portal)))
        ours.append(measure(lambda: rebuild(mirror.portal)))
    ratio = take_median(ours) / take_median(theirs)
    say(f"facts: {DailyFact.objects.count():,} days and {MonthlyFact.objects.count():,} months of employees")
    say(f"hand-written SQL: {describe(theirs)}")
    say(f"rebuild: {describe(ours)}; ratio {ratio:.2f}, limit {LIMIT}")
    return ratio


def compare_increments(mirror: Mirror, runs: int, *, name: str, newest: bool) -> None:
    """Time the refill of 2,000 changed deals and 5,000 changed activities; only the refill is on the clock."""
    timings = []
    for number in range(runs):
        change_records(mirror, number, newest=newest)
        timings.append(measure(lambda: refill(mirror.portal)))
    incremental = digest()
    rebuild(mirror.portal)
    if digest() != incremental:
        sys.exit("Increments and a rebuild give different facts.")
    say(f"increment, {name}: {describe(timings)}; {timings[-1].result.cells:,} cells; equals a rebuild")


def change_records(mirror: Mirror, number: int, *, newest: bool) -> None:
    """Win some deals, complete or reopen some activities, and touch their days as a synchronisation does."""
    for model, count, change in (
        (Deal, CHANGED_DEALS, {"semantics": [Semantics.SUCCESS, Semantics.FAILURE][number % 2]}),
        (Activity, CHANGED_ACTIVITIES, {"kind": ["call", "email"][number % 2]}),
    ):
        rows = model._default_manager.filter(portal=mirror.portal)
        total = rows.count()
        step = 1 if newest else max(1, total // count)
        chosen = [total - place * step for place in range(min(count, total))]
        touched = rows.filter(external_id__in=chosen)
        touched.update(**change)
        days = [("responsible_id", "created_on" if model is Deal else "started_on")]
        days += [("credited_to_id", "closed_on")] if model is Deal else []
        for who, day in days:
            cells = touched.exclude(**{day: None}).values_list(who, day)
            TouchedDay.objects.bulk_create(TouchedDay(portal=mirror.portal, employee_id=a, day=b) for a, b in cells)


def digest() -> tuple[int, ...]:
    """Reduce all facts to numbers that differ when a fact differs, without holding them."""
    return tuple(
        reduce(read_crc, list_facts(table, dated), 0) for table, dated in ((DailyFact, "day"), (MonthlyFact, "month"))
    )


def list_facts(table: type[Fact], dated: str) -> Iterator[tuple[Any, ...]]:
    """List the facts of all portals in a fixed order."""
    rows = table._default_manager.order_by("portal", "employee", dated).values_list("employee", dated, *BY_KEY)
    return rows.iterator()


def read_crc(so_far: int, row: tuple[Any, ...]) -> int:
    """Add a row to a checksum."""
    return zlib.crc32(repr(row).encode(), so_far)


if __name__ == "__main__":
    sys.exit(main())
