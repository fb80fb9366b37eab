"""Measures scoring: the scorecards of 500 employees with 8 KPIs for a month, from facts to rows.

Run from the project's folder: python tests/performance/bench_targets.py [--deals N] [--runs N]; DATABASE_URL
chooses the kind of database.
"""

import argparse
import os
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402

from crmsync.models import Employee  # noqa: E402
from kpis.facts import rebuild  # noqa: E402
from kpis.periods import parse_period  # noqa: E402
from targets.cells import Cell, write_cells  # noqa: E402
from targets.models import Scheme, SchemeVersion, Scorecard, TargetPlan  # noqa: E402
from targets.plans import create_plan, publish  # noqa: E402
from targets.scorecards import compute_plan  # noqa: E402
from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import describe, measure, say, take_median  # noqa: E402
from tests.performance.synthetic import Mirror, load_mirror  # noqa: E402
from tests.targets.world import RULES  # noqa: E402

NOW = datetime(2026, 10, 12, 12, tzinfo=ZoneInfo("Europe/Moscow"))
MONTH = parse_period("2026-10")
LIMIT = 2.0
TARGETS = {
    "revenue": ("20000000", "30"),
    "deals_won": ("20", "15"),
    "average_deal": ("500000", "10"),
    "lead_conversion": ("20", "15"),
    "deal_cycle_time": ("30", "10"),
    "response_time": ("600", "10"),
    "calls_made": ("30", "5"),
    "meetings_held": ("10", "5"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    options, _ = parser.parse_known_args()
    with scratch_database("itogi_bench_targets"):
        mirror = load_mirror(options.deals)
        rebuild(mirror.portal)
        plan = make_plan(mirror)
        first = measure(lambda: compute_plan(plan, now=NOW))
        say(f"{connection.vendor}: {first.result.cards} scorecards, {len(TARGETS)} KPIs: first {first.seconds:.2f} s")
        again = [measure(lambda: compute_plan(plan, now=NOW)) for _ in range(options.runs)]
        fresh = [measure(lambda: compute_anew(plan)) for _ in range(options.runs)]
        say(f"nothing changed: {describe(again)}")
        say(f"all anew: {describe(fresh)}, limit {LIMIT} s")
    return 0 if take_median(fresh) <= LIMIT else 1


def make_plan(mirror: Mirror) -> TargetPlan:
    """Make a published plan for everybody."""
    boss = User.objects.create_user("boss")
    scheme = Scheme.objects.create(portal=mirror.portal, name="Sales")
    SchemeVersion.objects.create(scheme=scheme, number=1, effective_on=MONTH.start, rules=RULES)
    people = Employee.objects.filter(pk__in=mirror.employees)
    plan = create_plan(mirror.portal, MONTH, name="All", scheme=scheme, by=boss, employees=people)
    cells = [
        Cell(member=member, kpi=kpi, version=0, values={"value": Decimal(value), "weight": Decimal(weight)})
        for member in plan.members.values_list("pk", flat=True)
        for kpi, (value, weight) in TARGETS.items()
    ]
    write_cells(plan, cells, by=boss)
    publish(plan, by=boss, now=NOW)
    return TargetPlan.objects.select_related("portal", "scheme").get(pk=plan.pk)


def compute_anew(plan: TargetPlan) -> object:
    """Compute scorecards whose figures are all different from those stored."""
    Scorecard.objects.update(result={})
    return compute_plan(plan, now=NOW)


if __name__ == "__main__":
    sys.exit(main())
