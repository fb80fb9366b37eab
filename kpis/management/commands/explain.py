"""`manage.py explain`: why a KPI is what it is, down to the records, as text for people or as JSON."""

import json
from functools import partial
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console

from crmsync.cards import build_card_url
from crmsync.models import Portal
from crmsync.portals import PortalChoiceError, choose_portal
from kpis.catalog import BY_KEY
from kpis.explanations.document import build_document
from kpis.explanations.explain import Explanation, explain
from kpis.explanations.records import Card
from kpis.explanations.scope import ScopeError
from kpis.explanations.tables import build_tables, print_lines
from kpis.explanations.texts import (
    write_beside,
    write_definition,
    write_names,
    write_norm,
    write_numbers,
    write_remarks,
)
from kpis.facts import refill
from kpis.groups import GroupError, find_employee, find_group
from kpis.periods import PeriodError, parse_period
from kpis.render.formats import format_completeness, format_period
from kpis.snapshots import one_moment

# Wide enough for every column where no terminal says how wide it is.
WIDTH = 200
LIMIT = 20


class Command(BaseCommand):
    help = str(gettext_lazy("Explain a KPI: its formula with numbers, the records behind it, and what does not count."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kpi", metavar="KPI", help=", ".join(BY_KEY))
        parser.add_argument("--period", required=True, help="2026, 2026-Q3, 2026-10, 2026-W41, 2026-10-05")
        parser.add_argument("--employee", type=int, metavar="ID", help=_("only this employee; the ID in the CRM"))
        parser.add_argument(
            "--department", type=int, metavar="ID", help=_("only this department and those below it; the ID in the CRM")
        )
        parser.add_argument("--portal", help=_("number or name of the portal; needed when there are several"))
        parser.add_argument("--limit", type=int, default=LIMIT, help=_("so many records of each kind"))
        parser.add_argument("--json", action="store_true", help=_("print the result as JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["limit"] < 0:
            raise CommandError(_("--limit must be 0 or more."), returncode=2)
        try:
            portal = choose_portal(options["portal"])
            asked = partial(explain, portal, options["kpi"], parse_period(options["period"]), now=read_clock())
            whose = choose_group(portal, options)
            if options["kpi"] in BY_KEY:
                # Reports that the mirror has overtaken would differ: let them follow first.
                refill(portal)
            with one_moment():
                self.show(asked(**whose), options)
        except (PeriodError, PortalChoiceError, ScopeError, GroupError) as error:
            raise CommandError(str(error), returncode=2) from error

    def show(self, found: Explanation, options: dict[str, Any]) -> None:
        """Print the explanation."""
        limit = options["limit"]
        if options["json"]:
            document = build_document(found, limit=limit, find_url=partial(find_url, found.scope.portal))
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        self.stdout.write(print_lines(write_lines(found)))
        console = Console(file=cast(TextIO, self.stdout), width=None if self.stdout.isatty() else WIDTH)
        for table in build_tables(found, limit=limit):
            console.print(table)


def choose_group(portal: Portal, options: dict[str, Any]) -> dict[str, Any]:
    """Find the employee or the department's people whom the options name."""
    group: dict[str, Any] = {}
    if options["employee"] is not None:
        group["employee"] = find_employee(portal, options["employee"])
    if options["department"] is not None:
        group["employees"] = find_group(portal, department=options["department"]).employees
    return group


def find_url(portal: Portal, card: Card) -> str:
    """Find the address of a card in the CRM."""
    return build_card_url(portal, entity_type=card[0], external_id=card[1])


def write_lines(found: Explanation) -> list[str]:
    """Write what stands above the tables."""
    return [
        f"{found.kpi.name}, {format_period(found.scope.period)}",
        write_names(found),
        f"= {write_numbers(found)}",
        write_definition(found),
        *write_remarks(found),
        *write_beside(found),
        write_norm(found),
        format_completeness(found.through, found.scope.portal.zone),
    ]
