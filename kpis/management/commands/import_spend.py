"""`manage.py import_spend FILE`: the costs of a CSV or XLSX file; `--dry-run` shows what would change."""

from pathlib import Path
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console

from crmsync.models import Portal
from crmsync.portals import PortalChoiceError, choose_portal
from kpis.models import MarketingSpend
from kpis.spend.cells import CellError
from kpis.spend.columns import find_currency
from kpis.spend.costs import Choices
from kpis.spend.files import MOST_BYTES, SpendFileError
from kpis.spend.imports import Preview, SpendImportError, apply_import, preview_import
from kpis.spend.previews import build_tables
from kpis.spend.sources import SourceBook

# Wide enough for every column where no terminal says how wide it is.
WIDTH = 160


class Command(BaseCommand):
    help = str(gettext_lazy("Import costs of marketing and sales: the differences are shown, then written at once."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=_("CSV or XLSX: our own template or an ad system's report by days"))
        parser.add_argument("--dry-run", action="store_true", help=_("show the differences and write nothing"))
        parser.add_argument("--source", default="", help=_("code or name of the source for lines that name none"))
        parser.add_argument(
            "--kind",
            choices=MarketingSpend.Kind.values,
            default=MarketingSpend.Kind.MARKETING.value,
            help=_("kind of costs for lines without it"),
        )
        parser.add_argument("--currency", default="", help=_("currency for lines without it, such as RUB"))
        parser.add_argument(
            "--campaign-by",
            choices=["name", "number"],
            default="name",
            help=_("how the UTM marks of leads and deals name campaigns"),
        )
        parser.add_argument("--portal", help=_("number or name of the portal; needed when there are several"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            portal = choose_portal(options["portal"])
            choices = read_choices(portal, options)
            content = read_file(options["file"])
            self.show(portal, preview := preview_import(portal, content, choices=choices))
            if options["dry_run"]:
                return
            apply_import(portal, content, choices=choices, fingerprint=preview.fingerprint)
        except (PortalChoiceError, CellError, SpendFileError, SpendImportError) as error:
            raise CommandError(str(error), returncode=2) from error
        told = {"new": len(preview.new), "changed": len(preview.changed), "equal": preview.equal}
        self.stdout.write(_("Costs imported: new %(new)d, changed %(changed)d, equal %(equal)d.") % told)

    def show(self, portal: Portal, preview: Preview) -> None:
        """Print what was understood and what would change."""
        console = Console(file=cast(TextIO, self.stdout), width=None if self.stdout.isatty() else WIDTH)
        for table in build_tables(portal, preview):
            console.print(table)
        for notice in preview.notices:
            self.stdout.write(notice)


def read_choices(portal: Portal, options: dict[str, Any]) -> Choices:
    """Read what holds for lines that do not say it themselves. *Raises* CellError."""
    currency = find_currency(options["currency"])
    if options["currency"] and not currency:
        raise CellError(_("Write the currency's code of three letters, such as RUB."))
    return Choices(SourceBook(portal).find(options["source"]), options["kind"], currency, options["campaign_by"])


def read_file(path: Path) -> bytes:
    """Read a file. *Raises* SpendFileError when it cannot be opened."""
    try:
        with path.open("rb") as file:
            # One byte too many is enough to refuse it.
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        message = _("The file %(path)s cannot be read: check its name and the rights to it.")
        raise SpendFileError(message % {"path": path}) from error
