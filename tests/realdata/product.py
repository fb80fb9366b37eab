"""Asks the product itself: serves a folder, mirrors it by the real commands and collects what `kpis` answers."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command

from crmsync.sandbox import SandboxServer
from crmsync.sandbox.folder import read_folder
from tests.realdata.answers import write_reviews
from tests.realdata.convert import convert_tables
from tests.realdata.costs import COST_FIELD, write_spend
from tests.realdata.scenario import PLAIN, Scenario

Rows = list[dict[str, Any]]
NAME = "Real data"
YEARS = ("2017", "2018")
SPLITS = ("month", "quarter", "year")


def mirror_source(source: Path, folder: Path, *, code: str, scenario: Scenario = PLAIN) -> dict[str, Any]:
    """Convert the tables, copy them as a portal, add what no portal tells, fill the facts.

    Returns what `sync --json` told.
    """
    convert_tables(source, folder, costs=scenario.costs)
    with SandboxServer(read_folder(folder), code=code, bucket_capacity=0) as server:
        run("connect_portal", server.url, "--name", NAME, "--timezone", scenario.zone)
        portal = choose_options(scenario)
        (told,) = json.loads(run("sync", "--portal", NAME, "--json"))
    write_reviews(portal, source)
    if scenario.costs:
        run("import_spend", str(write_spend(source, folder)), "--portal", NAME)
    run("refill", "--portal", NAME)
    return told


def choose_options(scenario: Scenario) -> Any:
    """Tell the portal what the scenario supposes of it; returns the portal."""
    portal = apps.get_model("crmsync.Portal").objects.get(name=NAME)
    # This portal limits nothing, and nobody should wait for a limit that is not there.
    portal.bucket_leak = 0
    options: dict[str, Any] = {"churn_days": scenario.churn_days, "satisfied_from": scenario.satisfied_from}
    if scenario.costs:
        portal.custom_fields = {"deal": [COST_FIELD]}
        options |= {"cost_source": "field", "cost_field": COST_FIELD}
    portal.save()
    if scenario != Scenario(zone=scenario.zone):
        apps.get_model("kpis.KpiOptions").objects.create(portal=portal, **options)
    if scenario.business_hours:
        apps.get_model("kpis.WorkCalendar").objects.create(portal=portal, country="")
    return portal


def ask_kpis(*, year: str, every: str) -> Rows:
    """Ask for all of a year's KPIs by month, by quarter or as a whole, of the team and everybody."""
    split = [] if every == "year" else ["--every", every]
    return json.loads(run("kpis", "--period", year, *split, "--portal", NAME, "--all", "--json"))


def run(*arguments: str) -> str:
    """Run a command of manage.py and return what it wrote."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()
