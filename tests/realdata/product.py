"""Asks the product itself: serves a folder, mirrors it by the real commands and collects what `kpis` answers."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command

from crmsync.sandbox import SandboxServer
from crmsync.sandbox.folder import read_folder

Rows = list[dict[str, Any]]
NAME = "Real data"
YEARS = ("2017", "2018")
SPLITS = ("month", "quarter", "year")


def mirror_folder(folder: Path, *, zone: str, code: str) -> dict[str, Any]:
    """Connect a portal that serves the folder, copy it, fill the facts; returns what `sync --json` told."""
    with SandboxServer(read_folder(folder), code=code, bucket_capacity=0) as server:
        run("connect_portal", server.url, "--name", NAME, "--timezone", zone)
        # This portal limits nothing, and nobody should wait for a limit that is not there.
        apps.get_model("crmsync.Portal").objects.filter(name=NAME).update(bucket_leak=0)
        (told,) = json.loads(run("sync", "--portal", NAME, "--json"))
    run("refill", "--portal", NAME)
    return told


def ask_kpis(*, year: str, every: str) -> Rows:
    """Ask for a year's KPIs by month, by quarter or as a whole, of the team and everybody."""
    split = [] if every == "year" else ["--every", every]
    return json.loads(run("kpis", "--period", year, *split, "--portal", NAME, "--json"))


def run(*arguments: str) -> str:
    """Run a command of manage.py and return what it wrote."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()
