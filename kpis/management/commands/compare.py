"""`manage.py compare`: the KPIs of an employee, a department or the team with everything that makes them readable."""

import json
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console

from crmsync.portals import PortalChoiceError, choose_portal
from kpis.catalog import BY_KEY
from kpis.compare import compare
from kpis.facts import refill
from kpis.groups import GroupError, find_group
from kpis.periods import PeriodError, parse_period
from kpis.render.reading_records import list_readings
from kpis.render.reading_tables import build_card

# Wide enough for every column where no terminal says how wide it is.
WIDTH = 200


class Command(BaseCommand):
    help = str(gettext_lazy("Compare KPIs with earlier periods and their norms, for an employee, a department or all."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", help="2026, 2026-Q3, 2026-10, 2026-W41, 2026-10-05")
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument("--employee", type=int, metavar="ID", help=_("only this employee; the ID in the CRM"))
        whose.add_argument(
            "--department", type=int, metavar="ID", help=_("only this department and those below it; the ID in the CRM")
        )
        parser.add_argument(
            "--kpis", nargs="+", metavar="KEY", choices=list(BY_KEY), help=_("only these KPIs; see list_kpis")
        )
        parser.add_argument("--portal", help=_("number or name of the portal; needed when there are several"))
        parser.add_argument("--json", action="store_true", help=_("print the result as JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            period = parse_period(options["period"])
            portal = choose_portal(options["portal"])
            group = find_group(portal, employee=options["employee"], department=options["department"])
        except (PeriodError, PortalChoiceError, GroupError) as error:
            raise CommandError(str(error), returncode=2) from error
        # A number that the mirror has overtaken is a wrong number: follow it first.
        refill(portal)
        readings = compare(
            portal, period, now=timezone.now(), kpis=options["kpis"], employees=group.employees, with_history=True
        )
        whose = group.employee and group.employee.pk
        if options["json"]:
            told = [each for each in readings if group.employee is None or each.employee == whose]
            self.stdout.write(json.dumps(list_readings(portal, period.key, told), ensure_ascii=False))
            return
        console = Console(file=cast(TextIO, self.stdout), width=None if self.stdout.isatty() else WIDTH)
        console.print(build_card(portal, period, group.name, [each for each in readings if each.employee == whose]))
