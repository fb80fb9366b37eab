"""`manage.py list_kpis`: every KPI of the catalogue, as a table for people, as JSON, or as the documents' page."""

import json
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console

from crmsync.portals import PortalChoiceError, choose_portals
from kpis.render.catalog_pages import build_page
from kpis.render.catalog_tables import build_document, build_table, list_catalog, list_portal

# Wide enough for every column where no terminal says how wide it is.
WIDTH = 200


class Command(BaseCommand):
    help = str(gettext_lazy("List every KPI with its formula, unit, norm and whether it is on."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--portal", help=_("number or name of a portal: with its own norms and what is off; else the catalogue's")
        )
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help=_("print the result as JSON"))
        form.add_argument("--markdown", action="store_true", help=_("print the page docs/measures.md"))

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["markdown"]:
            self.stdout.write(build_page(), ending="")
            return
        entries, currency = list_catalog(), ""
        if options["portal"] is not None:
            try:
                portal = choose_portals(options["portal"])[0]
            except PortalChoiceError as error:
                raise CommandError(str(error), returncode=2) from error
            entries, currency = list_portal(portal), portal.base_currency
        if options["json"]:
            self.stdout.write(json.dumps(build_document(entries, currency=currency), ensure_ascii=False))
            return
        console = Console(file=cast(TextIO, self.stdout), width=None if self.stdout.isatty() else WIDTH)
        console.print(build_table(entries, currency=currency))
