"""`manage.py breakdown`: KPIs by source, campaign or pipeline."""

import json
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console

from crmsync.portals import PortalChoiceError, choose_portal
from kpis.breakdown import FIELDS, break_down
from kpis.catalog import BY_KEY
from kpis.facts import refill
from kpis.groups import GroupError, find_group
from kpis.periods import PeriodError, parse_period
from kpis.render.breakdown_tables import build_table, list_slices

WIDTH = 200


class Command(BaseCommand):
    help = str(gettext_lazy("Show KPIs by source, campaign or pipeline."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", help="2026, 2026-Q3, 2026-10, 2026-W41, 2026-10-05")
        parser.add_argument("--by", nargs="+", choices=list(FIELDS), default=["source"], help=_("split by these"))
        parser.add_argument("--employee", type=int, metavar="ID", help=_("only this employee; the ID in the CRM"))
        parser.add_argument(
            "--kpis", nargs="+", metavar="KEY", choices=list(BY_KEY), help=_("only these KPIs; see list_kpis")
        )
        parser.add_argument("--portal", help=_("number or name of the portal; needed when there are several"))
        parser.add_argument("--json", action="store_true", help=_("print the result as JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            period = parse_period(options["period"])
            portal = choose_portal(options["portal"])
            group = find_group(portal, employee=options["employee"])
        except (PeriodError, PortalChoiceError, GroupError) as error:
            raise CommandError(str(error), returncode=2) from error
        refill(portal)
        dimensions = list(dict.fromkeys(options["by"]))
        slices = break_down(portal, period, dimensions, kpis=options["kpis"], employees=group.employees)
        if options["json"]:
            self.stdout.write(json.dumps(list_slices(period, dimensions, slices), ensure_ascii=False))
            return
        console = Console(file=cast(TextIO, self.stdout), width=None if self.stdout.isatty() else WIDTH)
        console.print(build_table(portal, period, dimensions, slices))
