"""Previews of imports as text tables for the command line: counts, refused lines, changed and new costs."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from crmsync.models import Portal
from kpis.spend.imports import Difference, Preview
from kpis.spend.sources import SourceBook

MOST_SHOWN = 200


def build_tables(portal: Portal, preview: Preview) -> list[Table]:
    """Build a table of the counts, then one for each kind of rows that the preview has."""
    book = SourceBook(portal)
    tables = [build_counts(preview)]
    if preview.refused:
        rows = [(join(row.lines), row.text) for row in preview.refused]
        tables.append(build_table(_("Refused lines"), [_("line"), _("what to do")], rows))
    for title, differences in ((_("Changed costs"), preview.changed), (_("New costs"), preview.new)):
        if differences:
            headings = [_("line"), _("day"), _("source"), _("campaign"), _("kind"), _("was"), _("becomes"), _("remark")]
            tables.append(build_table(title, headings, [write_row(row, book) for row in differences]))
    return tables


def build_counts(preview: Preview) -> Table:
    """Build the table of how much of what the file has."""
    totals = ", ".join(write_money(amount, currency) for currency, amount in preview.totals.items())
    counts = (len(preview.new), len(preview.changed), preview.equal, len(preview.refused))
    headings = [_("new"), _("changed"), _("equal"), _("refused"), _("total of the file")]
    return build_table(str(preview.format.name), headings, [(*map(str, counts), totals)])


def build_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Build a table of the first rows, with the number of the others below."""
    hidden = len(rows) - MOST_SHOWN
    caption = _("rows not shown: %(count)d") % {"count": hidden} if hidden > 0 else None
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    for heading in headings:
        table.add_column(heading)
    for row in rows[:MOST_SHOWN]:
        # Campaigns may have brackets, which would be read as colours.
        table.add_row(*map(escape, row))
    return table


def write_row(row: Difference, book: SourceBook) -> tuple[str, ...]:
    """Write a cost as it is stored and as the file has it."""
    spend = row.spend
    old = "" if row.old_amount is None else write_money(row.old_amount, row.old_currency)
    source = book.name(spend.source_external_id)
    day = date_format(spend.day, "SHORT_DATE_FORMAT")
    named = (join(row.lines), day, source, spend.campaign, str(spend.get_kind_display()))
    return (*named, old, write_money(spend.amount, spend.currency), spend.note)


def write_money(amount: Decimal, currency: str) -> str:
    """Write an amount with its currency."""
    return f"{number_format(f'{amount:.2f}', 2, force_grouping=True)} {currency}"


def join(lines: Iterable[int]) -> str:
    """Write the numbers of lines."""
    return ", ".join(map(str, lines))
