"""An explanation as tables for the terminal: the records of each measure, then those that do not count."""

from collections.abc import Iterable, Iterator

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rich.markup import escape
from rich.table import Table

from kpis.explanations.amounts import NOTHING, write_amount
from kpis.explanations.explain import Explanation
from kpis.explanations.records import Record
from kpis.explanations.texts import find_unit, name_measure, write_sum
from kpis.measures import BY_KEY as MEASURES
from kpis.render.formats import format_number


def build_tables(explanation: Explanation, *, limit: int) -> Iterator[Table]:
    """Build a table of records for each measure that has records of its own, then one of exclusions."""
    for key in choose_lists(explanation):
        tally = explanation.tallies[key]
        title = f"{name_measure(key)}: {write_sum(explanation, key)}"
        yield build_list(explanation, key, title, tally.count, explanation.list_records(key, limit=limit))
    if explanation.excluded:
        yield build_excluded(explanation, limit=limit)


def choose_lists(explanation: Explanation) -> list[str]:
    """Choose measures so that the same records are not listed twice: of two by one condition that with values."""
    chosen: dict[object, str] = {}
    for key in sorted(explanation.formula, key=lambda key: key in MEASURES and MEASURES[key].total is None):
        measure = MEASURES.get(key)
        same = (measure.source, measure.dated_by, str(measure.where)) if measure else key
        if same not in chosen or explanation.tallies[chosen[same]].count != explanation.tallies[key].count:
            chosen[same if same not in chosen else key] = key
    return list(chosen.values())


def build_list(explanation: Explanation, key: str, title: str, count: int, records: list[Record]) -> Table:
    """Build the table of a measure's records."""
    table = Table(title=escape(title), caption=write_shown(len(records), count), title_justify="left")
    for heading in ("ID", _("name"), _("day"), _("employee"), _("adds"), _("why")):
        table.add_column(capfirst(heading), justify="right" if heading in ("ID", _("adds")) else "left")
    for record in records:
        share = write_amount(record.share, find_unit(key), currency=explanation.scope.portal.base_currency)
        table.add_row(*map(escape, [*write_record(record), share, "; ".join(record.notes)]))
    return table


def build_excluded(explanation: Explanation, *, limit: int) -> Table:
    """Build the table of what does not count, or counts but deserves a look, with the first records of each reason."""
    table = Table(title=_("Does not count, or deserves a look"), title_justify="left")
    for heading in (_("reason"), _("number"), _("records")):
        table.add_column(capfirst(heading))
    for each in explanation.excluded:
        records = each.list_records(limit=limit)
        listed = ", ".join(" ".join(filter(None, write_record(record)[:3])) for record in records)
        more = "…" if each.count > len(records) and records else ""
        mark = _("counts: %(reason)s") if each.exclusion.counts else "%(reason)s"
        table.add_row(
            *map(escape, [mark % {"reason": each.exclusion.reason}, format_number(each.count), listed + more])
        )
    return table


def write_record(record: Record) -> list[str]:
    """Write a record's ID, name, day and employee."""
    day = date_format(record.day, "SHORT_DATE_FORMAT") if record.day else NOTHING
    return [str(record.external_id or record.key), record.name, day, str(record.employee or _("nobody"))]


def write_shown(shown: int, count: int) -> str:
    """Say how many of all records are shown."""
    return _("%(done)s of %(expected)s") % {"done": format_number(shown), "expected": format_number(count)}


def print_lines(lines: Iterable[str]) -> str:
    """Join the lines that are not empty."""
    return "\n".join(filter(None, lines))
