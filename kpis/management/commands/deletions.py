"""`manage.py deletions`: the records that vanished from the portal, and what that changed in the KPIs."""

import json
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console

from crmsync.portals import PortalChoiceError, choose_portal
from kpis.deletions import list_deletions, sum_by_kpi
from kpis.periods import PeriodError, parse_period
from kpis.render.deletion_tables import build_tables
from kpis.render.deletion_texts import build_document

# Wide enough for every column where no terminal says how wide it is.
WIDTH = 200


class Command(BaseCommand):
    help = str(gettext_lazy("List the records that were deleted on the portal and the figures that left with them."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", help=_("only figures of these days, such as 2026-10"))
        parser.add_argument("--portal", help=_("number or name of the portal; needed when there are several"))
        parser.add_argument("--json", action="store_true", help=_("print the result as JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            period = parse_period(options["period"]) if options["period"] is not None else None
            portal = choose_portal(options["portal"])
        except (PeriodError, PortalChoiceError) as error:
            raise CommandError(str(error), returncode=2) from error
        deletions = list_deletions(portal, period=period)
        totals = sum_by_kpi(deletions)
        if options["json"]:
            self.stdout.write(json.dumps(build_document(deletions, totals), ensure_ascii=False))
            return
        console = Console(file=cast(TextIO, self.stdout), width=None if self.stdout.isatty() else WIDTH)
        for table in build_tables(portal, deletions, totals):
            console.print(table)
