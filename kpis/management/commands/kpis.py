"""`manage.py kpis`: the KPIs of a period, as a table for people or as JSON."""

import json
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console

from crmsync.portals import PortalChoiceError, choose_portal
from kpis.catalog import BY_KEY, HEADLINE
from kpis.evaluate import evaluate
from kpis.facts import refill
from kpis.periods import EVERY, PeriodError, parse_period, split
from kpis.render.records import list_records
from kpis.render.tables import build_tables

# Wide enough for every column where no terminal says how wide it is.
WIDTH = 160


class Command(BaseCommand):
    help = str(gettext_lazy("Show the KPIs of a period by manager and for the whole team."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", required=True, help="2026, 2026-Q3, 2026-10, 2026-W41, 2026-10-05")
        parser.add_argument("--every", choices=EVERY, help=_("split the period"))
        parser.add_argument(
            "--by", choices=["employee", "team"], default="both", help=_("managers or the team; both when not given")
        )
        parser.add_argument(
            "--kpis", nargs="+", metavar="KEY", choices=list(BY_KEY), help=_("only these KPIs; see list_kpis")
        )
        parser.add_argument("--all", action="store_true", help=_("every KPI that is on, not just the table's six"))
        parser.add_argument("--portal", help=_("number or name of the portal; needed when there are several"))
        parser.add_argument("--json", action="store_true", help=_("print the result as JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            period = parse_period(options["period"])
            portal = choose_portal(options["portal"])
        except (PeriodError, PortalChoiceError) as error:
            raise CommandError(str(error), returncode=2) from error
        # A number that the mirror has overtaken is a wrong number: follow it first.
        refill(portal)
        chosen = options["kpis"] or (None if options["all"] or options["json"] else HEADLINE)
        frame = evaluate(portal, period, every=options["every"], by=options["by"], kpis=chosen)
        if options["json"]:
            self.stdout.write(json.dumps(list_records(portal, frame), ensure_ascii=False))
            return
        parts = split(period, every=options["every"]) if options["every"] else [period]
        console = Console(file=cast(TextIO, self.stdout), width=None if self.stdout.isatty() else WIDTH)
        for table in build_tables(portal, parts, frame):
            console.print(table)
