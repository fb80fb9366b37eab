"""Kills and faults by the hundred, then: is the mirror still the portal? Exit 0 only when it is.

Run from the project's folder: python -m tests.faults [--kills 200] [--deals 1300] [--seed 1] [--guard-off cursor];
DATABASE_URL chooses the kind of database. 1,300 deals make some 20,000 rows.
"""

import argparse
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from crmsync.connect import connect_portal  # noqa: E402
from crmsync.models import Portal  # noqa: E402
from crmsync.sandbox.company import make_company  # noqa: E402
from crmsync.sandbox.server import SandboxServer  # noqa: E402
from tests.faults.campaign import Campaign  # noqa: E402
from tests.faults.children import GUARDS  # noqa: E402
from tests.performance.scratch import scratch_database  # noqa: E402
from tests.performance.stopwatch import say  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--deals", type=int, default=1300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--longest", type=float, default=0.4, help="seconds after which a process is killed at the latest"
    )
    parser.add_argument("--guard-off", choices=GUARDS, default="")
    options = parser.parse_args()
    with scratch_database("itogi_faults"):
        return run_campaign(options)


def run_campaign(options: argparse.Namespace) -> int:
    """Run one campaign in the scratch database and tell its figures."""
    store = make_company(deals=options.deals, seed=options.seed)
    with SandboxServer(store, bucket_capacity=0, operating_limit=0) as server:
        portal = connect_portal(server.url, name="Campaign").portal
        Portal.objects.update(bucket_leak=0)
        campaign = Campaign(server, Portal.objects.get(pk=portal.pk), options.seed, guard_off=options.guard_off)
        if options.guard_off:
            campaign.weights = {"sync": 1}  # sweeps would find what was lost
        campaign.strike(kills=options.kills, longest=options.longest, report=say)
        verdict = campaign.judge()
    for line in campaign.describe():
        say(line)
    for question, found in verdict.items():
        say(f"{question}: {len(found)}" + "".join(f"\n    {line}" for line in found[:5]))
    return 1 if any(verdict.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
