"""`manage.py why`: why revenue differs from that of an earlier period, as a sentence and a table, or as JSON."""

import json
from datetime import date
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console

from crmsync.portals import PortalChoiceError, choose_portal
from kpis.earlier_periods import cut, elapsed_days, keep_pace, previous, year_before
from kpis.groups import GroupError, find_group
from kpis.periods import Period, PeriodError, parse_period
from kpis.why.changes import explain_change
from kpis.why.tables import build_table
from kpis.why.texts import build_document, write_revenues, write_sentence

# Wide enough for every column where no terminal says how wide it is.
WIDTH = 200


class Command(BaseCommand):
    help = str(gettext_lazy("Explain why revenue differs from that of an earlier period: by cause and source."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("period", help="2026, 2026-Q3, 2026-10, 2026-W41, 2026-10-05")
        parser.add_argument(
            "--against",
            help=_("the earlier period, or “year” for the same one a year before; the previous one when not given"),
        )
        parser.add_argument("--employee", type=int, metavar="ID", help=_("only this employee; the ID in the CRM"))
        parser.add_argument("--portal", help=_("number or name of the portal; needed when there are several"))
        parser.add_argument("--json", action="store_true", help=_("print the result as JSON"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            portal = choose_portal(options["portal"])
            today = localdate(timezone=portal.zone)
            period, earlier = choose_periods(options["period"], against=options["against"], today=today)
            group = find_group(portal, employee=options["employee"])
        except (PeriodError, PortalChoiceError, GroupError) as error:
            raise CommandError(str(error), returncode=2) from error
        employee = group.employee
        change = explain_change(portal, period, earlier, employees=group.employees)
        if options["json"]:
            document = build_document(portal, change, employee=employee)
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        lines = [write_sentence(change, currency=portal.base_currency)]
        self.stdout.write("\n".join([*lines, *write_revenues(change, currency=portal.base_currency)]))
        console = Console(file=cast(TextIO, self.stdout), width=None if self.stdout.isatty() else WIDTH)
        console.print(build_table(portal, change, employee=employee))


def choose_periods(named: str, *, against: str | None, today: date) -> tuple[Period, Period]:
    """Find the period and the earlier one, both cut to as many days as have begun.

    Raises: PeriodError for a period that has not begun, and for one that does not lie before it.
    """
    period = parse_period(named)
    days = elapsed_days(period, today)
    if days == 0:
        raise PeriodError(_("%(period)s has not begun yet: choose a period that has.") % {"period": period})
    earlier = find_earlier(period, against=against)
    if earlier.end > period.start:
        told = {"period": period, "earlier": earlier, "previous": previous(period)}
        raise PeriodError(
            _(
                "%(earlier)s does not end before %(period)s begins: "
                "compare with an earlier period, such as %(previous)s."
            )
            % told
        )
    return cut(period, days=days) if days else period, keep_pace(earlier, period=period, today=today)


def find_earlier(period: Period, *, against: str | None) -> Period:
    """Find the period to compare with: the previous one, the one a year before, or the named one."""
    if against is None:
        return previous(period)
    return year_before(period) if against == "year" else parse_period(against)
