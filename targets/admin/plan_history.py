"""What was changed in a plan: who, when, from what to what, and why. Shape: the newest first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from kpis.catalog import BY_KEY
from targets.admin.layers import FIELD_NAMES
from targets.cells import FIELDS
from targets.grids import Row, read_rows
from targets.models import Target, TargetPlan
from targets.numbers import Writer, make_writer

MOST = 500
COLUMNS = (
    *("history_id", "id", "member_id", "kpi", "history_date", "history_user__username"),
    *("history_change_reason", "history_type", *FIELDS),
)


class Entry(NamedTuple):
    """One change of one target."""

    at: datetime
    who: str
    name: str
    kpi: str
    change: str
    reason: str


def list_history(plan: TargetPlan, cell: str = "") -> list[Entry]:
    """List the changes of a plan's targets, or of one cell's, named as member, point, KPI."""
    rows = {row.member: row for row in read_rows(plan)}
    member, _dot, kpi = cell.partition(".")
    found = Target.history.filter(member_id__in=rows)
    found = found.filter(member_id=int(member), kpi=kpi) if member.isdecimal() and len(member) < 19 else found
    newest = list(found.order_by("-history_id").values(*COLUMNS)[: MOST * 2])
    earlier: dict[int, Mapping[str, Any]] = {}
    entries: list[Entry] = []
    writer = make_writer()
    for row in reversed(newest):
        change = tell_change(earlier.get(row["id"]), row, writer)
        earlier[row["id"]] = row
        entries.append(build_entry(row, rows, change))
    return [entry for entry in reversed(entries) if entry.change or entry.reason][:MOST]


def build_entry(row: Mapping[str, Any], rows: Mapping[int, Row], change: str) -> Entry:
    """Build one line of the history."""
    kpi = BY_KEY.get(row["kpi"])
    who, reason = row["history_user__username"] or _("nobody"), row["history_change_reason"] or ""
    name = str(kpi.name) if kpi else row["kpi"]
    return Entry(row["history_date"], who, rows[row["member_id"]].name, name, change, reason)


def tell_change(before: Mapping[str, Any] | None, after: Mapping[str, Any], writer: Writer) -> str:
    """Tell each number that was changed, old and new. Empty: an empty text when none was."""
    if after["history_type"] == "-":
        return _("taken away")
    old = [before[field] if before else None for field in FIELDS]
    pairs = zip(FIELDS, old, (after[field] for field in FIELDS), strict=True)
    return "; ".join(
        f"{FIELD_NAMES[field]}: {writer.write_plain(was or None) or '–'} → {writer.write_plain(now or None) or '–'}"
        for field, was, now in pairs
        if (was or None) != (now or None)
    )


def name_cell(plan: TargetPlan, cell: str) -> str:
    """Name a cell by its employee and KPI. Empty: an empty text for what the plan does not have."""
    member, _dot, kpi = cell.partition(".")
    row = next((each for each in read_rows(plan) if str(each.member) == member), None)
    return f"{row.name} · {BY_KEY[kpi].name}" if row and kpi in BY_KEY else ""
