"""Vanished records as tables for the terminal."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from crmsync.models import Portal
from crmsync.selectors import name_stream
from kpis.deletions import Deletion
from kpis.measures import BY_KEY as MEASURES
from kpis.render.deletion_texts import Totals, write_left
from kpis.render.formats import format_loss

NOTHING = "—"


def build_tables(portal: Portal, deletions: Iterable[Deletion], totals: Totals) -> tuple[Table, Table]:
    """Build a table of the records, and one of what left each KPI."""
    names = ("ID", _("name"), _("first missed at"), _("taken for deleted at"), _("came back at"))
    headings = map(capfirst, (_("stream"), *names, _("figures that left")))
    records = Table(*headings, title=capfirst(_("deleted records")), title_justify="left")
    for deletion in deletions:
        stone = deletion.stone
        moments = [write_moment(at, portal) for at in (stone.missed_at, stone.deleted_at, stone.restored_at)]
        left = "\n".join(write_left(deletion.left, currency=portal.base_currency)) or NOTHING
        # People write brackets, which would be read as colours.
        texts = map(escape, (stone.external_id, stone.name, *moments, left))
        records.add_row(name_stream(stone.stream), *texts)
    kpis = Table("KPI", capfirst(_("figures that left")), title=_("What left the KPIs"), title_justify="left")
    for kpi, sums in totals:
        losses = [format_loss(MEASURES[key], value, currency=portal.base_currency) for key, value in sums.items()]
        kpis.add_row(str(kpi.name), ", ".join(losses))
    return records, kpis


def write_moment(at: datetime | None, portal: Portal) -> str:
    """Write an instant in the portal's zone. Empty: a dash."""
    return date_format(localtime(at, portal.zone), "SHORT_DATETIME_FORMAT") if at else NOTHING
