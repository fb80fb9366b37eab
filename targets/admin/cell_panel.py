"""The panel of one cell: how the employee is doing, what his past suggests, and what stands beside the target."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kpis.kpi import Kpi
from targets.admin.cell_findings import list_findings
from targets.admin.layers import FIELD_NAMES, View
from targets.admin.texts import name_period, name_unit
from targets.changes import NOTHING, Changes, name_field
from targets.grids import Grid, Row, Stored
from targets.histories import History, read_history
from targets.numbers import Writer, make_writer
from targets.paces import Pace, read_pace
from targets.suggestions import LAST, Suggestion, count_met, is_met, suggest


@dataclass(frozen=True, slots=True)
class Spot:
    """The selected cell."""

    row: Row
    kpi: Kpi
    target: Stored

    @property
    def key(self) -> str:
        """How addresses name the cell."""
        return f"{self.row.member}.{self.kpi.key}"


def find_spot(grid: Grid, key: str) -> Spot | None:
    """Find the cell that an address names. Empty: None when it names none of the grid's."""
    member, _dot, name = key.partition(".")
    row = next((each for each in grid.rows if str(each.member) == member), None)
    kpi = next((each for each in grid.kpis if each.key == name), None)
    if row is None or kpi is None:
        return None
    return Spot(row, kpi, grid.targets.get((row.member, kpi.key), NOTHING))


def describe_panel(grid: Grid, view: View, changes: Changes, *, today: date) -> dict[str, Any] | None:
    """Describe the panel of the selected cell. Empty: None where none is selected."""
    spot = find_spot(grid, view.cell)
    if spot is None:
        return None
    writer, employee, choice = make_writer(), spot.row.employee, replace(grid.choice, kpis=(spot.kpi,))
    history = read_history(grid.plan, choice, employees=[employee], today=today)
    values = [result.value for result in history.results[employee][spot.kpi.key]]
    advice = suggest(spot.kpi, values[: history.over])
    running = next((each for each in (grid.plan.period, grid.earlier[0].period) if today in each), None)
    pace = read_pace(grid.plan, choice, period=running, employee=employee, today=today) if running else None
    return {
        "key": spot.key,
        "title": f"{spot.row.name} · {spot.kpi.name}",
        "unit": name_unit(spot.kpi, grid.plan.portal),
        "pace": tell_pace(spot, pace, writer) if pace else "",
        "history": list_history(spot, history, values, writer),
        "summary": tell_summary(spot, advice, values[: history.over], writer),
        # What is suggested is a target: it has no place among weights.
        "takes": list_takes(advice, writer) if view.layer == "value" else [],
        "fields": list_fields(spot, view, changes, writer),
        "findings": list_findings(grid, spot.row.member),
        "published": tell_published(spot, writer),
    }


def tell_pace(spot: Spot, pace: Pace, writer: Writer) -> str:
    """Tell how far the employee is in the running period."""
    told = {
        "period": name_period(pace.period),
        "value": writer.write_rounded(pace.value, spot.kpi.unit),
        "days": pace.days,
        "all": pace.all_days,
        "forecast": writer.write_rounded(pace.forecast, spot.kpi.unit),
    }
    if pace.forecast is None:
        return _("%(period)s: %(value)s by working day %(days)d of %(all)d") % told
    return _("%(period)s: %(value)s by working day %(days)d of %(all)d; at this pace %(forecast)s by its end") % told


def list_history(spot: Spot, history: History, values: list[Any], writer: Writer) -> list[dict[str, Any]]:
    """List the periods before with what was reached, and whether that would have met the target; newest first."""
    target = spot.target.value
    rows: list[dict[str, Any]] = [
        {
            "name": name_period(period),
            "value": writer.write_rounded(value, spot.kpi.unit),
            "is_met": target is not None and value is not None and is_met(spot.kpi, value, target),
            "is_running": number >= history.over,
        }
        for number, (period, value) in enumerate(zip(history.periods, values, strict=True))
    ]
    return rows[::-1]


def tell_summary(spot: Spot, advice: Suggestion, values: list[Any], writer: Writer) -> list[str]:
    """Tell what the last periods say about the target."""
    if advice.median is None:
        return [_("No earlier period has a value: there is nothing to suggest from.")]
    told = {"count": advice.periods, "median": writer.write_rounded(advice.median, spot.kpi.unit)}
    lines = [_("median of the last %(count)d: %(median)s") % told]
    if advice.growth is not None:
        lines.append(_("growth %(percent)s %%") % {"percent": f"{advice.growth:+.0f}"})
    if spot.target.value is not None:
        met, known = count_met(spot.kpi, values[-LAST:], spot.target.value)
        lines.append(_("the target would have been met in %(met)d of %(known)d") % {"met": met, "known": known})
    return lines


def list_takes(advice: Suggestion, writer: Writer) -> list[dict[str, str]]:
    """List the suggestions, with the key that takes each."""
    offers = [("=", _("median"), advice.value), ("+", _("with growth"), advice.grown)]
    return [{"key": key, "name": name, "value": writer.write_plain(value)} for key, name, value in offers if value]


def list_fields(spot: Spot, view: View, changes: Changes, writer: Writer) -> list[dict[str, str]]:
    """List the numbers that stand beside the one in the grid, with what was typed for them."""
    member, kpi = spot.row.member, spot.kpi.key
    return [
        {
            "label": str(label),
            "name": name_field(member, kpi, spot.target.version, field),
            "stored": (stored := writer.write_plain(getattr(spot.target, field) or None)),
            "value": changes.kept.get((member, kpi, field), stored),
            "error": changes.errors.get((member, kpi, field), ""),
        }
        for field, label in FIELD_NAMES.items()
        if field != view.layer
    ]


def tell_published(spot: Spot, writer: Writer) -> str:
    """Tell what was published first, where that is not what holds now."""
    first = spot.target.published_value
    if first is None or first == spot.target.value:
        return ""
    return _("published first as %(value)s") % {"value": writer.write_plain(first)}
