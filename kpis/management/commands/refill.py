"""`manage.py refill`: bring the facts up to date with the mirror, or compute them all anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.models import Portal
from crmsync.portals import PortalChoiceError, choose_portals
from kpis.facts import rebuild, refill
from kpis.fills.state import Filled


class Command(BaseCommand):
    help = str(gettext_lazy("Bring the facts up to date with the mirror: the days that changed, or all of them."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--portal", help=_("number or name of the portal; all of them when not given"))
        parser.add_argument("--rebuild", action="store_true", help=_("compute every fact anew"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            portals = choose_portals(options["portal"])
        except PortalChoiceError as error:
            raise CommandError(str(error), returncode=2) from error
        for portal in portals:
            filled = rebuild(portal) if options["rebuild"] else refill(portal)
            self.stdout.write(describe(portal, filled))


def describe(portal: Portal, filled: Filled) -> str:
    """Say in one sentence what a fill did."""
    if filled.rebuilt:
        return _("%(portal)s: all facts computed anew, %(rows)d rows.") % {"portal": portal, "rows": filled.rows}
    told = {"portal": portal, "cells": filled.cells}
    return _("%(portal)s: facts up to date, days of employees computed anew: %(cells)d.") % told
