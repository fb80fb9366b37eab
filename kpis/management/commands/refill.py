"""`manage.py refill`: bring a portal's facts up to date with its mirror, or compute them all anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from kpis.facts import Filled, rebuild, refill
from kpis.portals import PortalChoiceError, choose_portal


class Command(BaseCommand):
    help = "Bring the facts up to date with the mirror: the days that changed, or all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--portal", help="the portal's id or name; needed when several are connected")
        parser.add_argument("--rebuild", action="store_true", help="compute every fact anew")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            portal = choose_portal(options["portal"])
        except PortalChoiceError as error:
            raise CommandError(str(error), returncode=2) from error
        filled = rebuild(portal) if options["rebuild"] else refill(portal)
        self.stdout.write(describe(filled))


def describe(filled: Filled) -> str:
    """Say in one sentence what a fill did."""
    if filled.rebuilt:
        return _("All facts computed anew: %(rows)d rows.") % {"rows": filled.rows}
    return _("Facts brought up to date: %(cells)d days of employees computed anew.") % {"cells": filled.cells}
