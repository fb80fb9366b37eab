"""Measures derivation and filling of facts against hand-written SQL, in a database of its own that is then dropped.

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
from django.db.models import F, Model  # noqa: E402
from django.db.models.functions import Coalesce  # noqa: E402

from crmsync.deals import touch_records  # noqa: E402
from crmsync.models import Activity, Deal, Semantics, TouchedDay  # noqa: E402
from crmsync.touches import AROUND, list_around  # noqa: E402
from kpis.derived import ranges as derived  # noqa: E402
from kpis.facts import fill_ranges, rebuild, refill  # noqa: E402
from kpis.fills.ranges import fill_range, finish_plan, plan  # noqa: E402
from kpis.measures import BY_KEY  # noqa: E402
from kpis.models import ClientRequest, DailyFact, Fact, LeadProgress, MonthlyFact, Sale  # noqa: E402
from tests.performance.derived_by_hand import derive_by_hand  # noqa: E402
from tests.performance.facts_by_hand import rebuild_by_hand  # noqa: E402
from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import Timing, describe, measure, say, take_median  # noqa: E402
from tests.performance.synthetic import Mirror, load_mirror  # noqa: E402

LIMIT = 1.5
# Of the whole rebuild, for the newest records; an increment costs the same in a small mirror, a rebuild does not.
MILLION = 1_000_000
MOST_OF_A_REBUILD = {"postgresql": 0.10, "sqlite": 0.12}
MOST_MEMORY_MB = 1_000
DERIVED = (ClientRequest, LeadProgress, Sale)
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
        whole = compare_derivations(mirror, options.runs)
        ratio = compare_rebuilds(mirror, options.runs)
        good = [ratio <= LIMIT, whole.memory <= MOST_MEMORY_MB * 1e6]
        for name, newest in (("newest records", True), ("records of all years", False)):
            share = compare_increments(mirror, options.runs, name=name, newest=newest) / whole.seconds
            limit = MOST_OF_A_REBUILD[connection.vendor]
            say(f"that is {share:.1%} of the whole rebuild, limit at a million deals {limit:.0%}")
            good.append(share <= limit or not newest or mirror.deals < MILLION)
    return 0 if all(good) else 1


def compare_derivations(mirror: Mirror, runs: int) -> Timing:
    """Time the derivation from nothing by both, make sure that they agree, and time a whole rebuild."""
    theirs, ours = [], []
    for _ in range(runs):
        theirs.append(measure(lambda: derive_by_hand(mirror.portal)))
        by_hand = digest(*DERIVED)
        forget_derived()
        plan(mirror.portal)
        ours.append(measure(lambda: derive(mirror)))
        if digest(*DERIVED) != by_hand:
            sys.exit("The derivation and the hand-written SQL give different rows.")
        rebuild(mirror.portal)
    rows = {table._meta.model_name: f"{table._default_manager.count():,}" for table in DERIVED}
    whole = [measure(lambda: rebuild(mirror.portal)) for _ in range(runs)]
    say(f"derived rows: {rows}")
    say(f"hand-written SQL: {describe(theirs)}")
    say(f"derivation: {describe(ours)}; ratio {take_median(ours) / take_median(theirs):.2f}")
    say(f"whole rebuild, derivation included: {describe(whole)}, limit {MOST_MEMORY_MB} MB")
    return Timing(take_median(whole), max(timing.memory for timing in [*ours, *whole]), None)


def derive(mirror: Mirror) -> None:
    """Do the ranges of records of a plan."""
    while derived.has_ranges(mirror.portal):
        fill_range(mirror.portal)


def forget_derived() -> None:
    """Empty the tables of derived rows."""
    for table in DERIVED:
        table._default_manager.all()._raw_delete(connection.alias)


def fill_days(mirror: Mirror) -> None:
    """Do the ranges of days of a plan, whose records are derived already."""
    list(fill_ranges(mirror.portal))
    finish_plan(mirror.portal)


def compare_rebuilds(mirror: Mirror, runs: int) -> float:
    """Time the facts of both in turn after a warm-up, and make sure that they agree to the row."""
    rebuild_by_hand(mirror.portal)
    by_hand = digest()
    rebuild(mirror.portal)
    if digest() != by_hand:
        sys.exit("The rebuild and the hand-written SQL give different facts.")
    theirs, ours = [], []
    for _ in range(runs):
        theirs.append(measure(lambda: rebuild_by_hand(mirror.portal)))
        plan(mirror.portal)
        derive(mirror)
        ours.append(measure(lambda: fill_days(mirror)))
    ratio = take_median(ours) / take_median(theirs)
    say(f"facts: {DailyFact.objects.count():,} days and {MonthlyFact.objects.count():,} months of employees")
    say(f"hand-written SQL: {describe(theirs)}")
    say(f"facts of a rebuild: {describe(ours)}; ratio {ratio:.2f}, limit {LIMIT}")
    return ratio


def compare_increments(mirror: Mirror, runs: int, *, name: str, newest: bool) -> float:
    """Time the refill of 2,000 changed deals and 5,000 changed activities; only the refill is on the clock."""
    timings = []
    # The first is a warm-up.
    for number in range(runs + 1):
        change_records(mirror, number, newest=newest)
        timings.append(measure(lambda: refill(mirror.portal)))
    incremental = digest(), digest(*DERIVED)
    rebuild(mirror.portal)
    if (digest(), digest(*DERIVED)) != incremental:
        sys.exit("Increments and a rebuild give different facts.")
    warm = timings[1:]
    say(f"increment, {name}: {describe(warm)}; {warm[-1].result.cells:,} cells; equals a rebuild")
    return take_median(warm)


def change_records(mirror: Mirror, number: int, *, newest: bool) -> None:
    """Win or lose some deals, turn letters into calls or back, and touch what a synchronisation touches."""
    won: dict[str, Any] = {"semantics": [Semantics.SUCCESS, Semantics.FAILURE][number % 2]}
    won |= {"closed_at": Coalesce("closed_at", F("created_at")), "closed_on": Coalesce("closed_on", F("created_on"))}
    for model, count, change, days in (
        (Deal, CHANGED_DEALS, won, [("responsible_id", "created_on"), ("credited_to_id", "closed_on")]),
        (Activity, CHANGED_ACTIVITIES, {"kind": ["call", "email"][number % 2]}, [("responsible_id", "started_on")]),
    ):
        rows = model._default_manager.filter(portal=mirror.portal)
        total = rows.count()
        step = 1 if newest else max(1, total // count)
        chosen = [total - place * step for place in range(min(count, total))]
        touched = rows.filter(external_id__in=chosen)
        touched.update(**change)
        for who, day in days:
            cells = touched.exclude(**{day: None}).values_list(who, day)
            TouchedDay.objects.bulk_create(TouchedDay(portal=mirror.portal, employee_id=a, day=b) for a, b in cells)
        table = str(model._meta.model_name)
        links = {name for pair in AROUND[table] for name in pair if isinstance(name, str)}
        around = {record for row in touched.values(*links) for record in list_around(table, row)}
        touch_records(mirror.portal, sorted(around))


def digest(*tables: type[Model]) -> tuple[int, ...]:
    """Reduce all facts, or all rows of these tables, to numbers that differ when a row differs."""
    if tables:
        return tuple(
            reduce(read_crc, table._default_manager.order_by("pk").values_list().iterator(), 0) for table in tables
        )
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
