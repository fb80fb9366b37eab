"""What the home page shows: one board per portal, a month's KPIs by manager with the team last."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.numbers import format_measured
from crmsync.findings import review_portal
from crmsync.models import Employee, Portal, SyncRun
from crmsync.selectors import read_newest_runs
from kpis.catalog import HEADLINE
from kpis.compare import Reading, compare, find_through
from kpis.kpi import Kpi, Number
from kpis.periods import Period, add_months, month_of
from kpis.render.formats import format_completeness, format_number, format_period, format_value
from kpis.render.reading_texts import write_norm, write_share
from kpis.units import Direction, Unit


@dataclass(frozen=True)
class Cell:
    """One number as text, how much stands behind it, and how far it is from the month before.

    `tone` is the class of a change for the better or the worse; the sign and the hint say it without colour.
    `question` is what the page that explains a number is asked for.
    """

    text: str
    note: str = ""
    change: str = ""
    tone: str = ""
    hint: str = ""
    question: str = ""


@dataclass(frozen=True)
class Row:
    """One manager's cells, or the team's, in the catalog's order."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Board:
    """A portal's month: the table, how complete its data is, and the last run of the synchronisation."""

    portal: Portal
    rows: list[Row]
    team: Row
    completeness: str
    run: SyncRun | None


@dataclass(frozen=True)
class Month:
    """A month as the page names it."""

    key: str
    name: str


@dataclass(frozen=True)
class Alert:
    """What an operator reads above the boards: a portal that needs attention, and where it says why."""

    text: str
    link: str


def read_alerts(now: datetime) -> list[Alert]:
    """Tell which portals need attention; managers are not bothered with it."""
    counted = [(portal, count_attention(portal, now)) for portal in Portal.objects.defer("webhook_url").order_by("pk")]
    return [
        Alert(
            ngettext(
                "%(portal)s: %(count)s thing needs attention", "%(portal)s: %(count)s things need attention", count
            )
            % {"portal": portal.name, "count": count},
            reverse("admin:crmsync_portal_change", args=[portal.pk]),
        )
        for portal, count in counted
        if count
    ]


def count_attention(portal: Portal, now: datetime) -> int:
    """Count the findings about a portal that somebody should act on."""
    return sum(finding.needs_attention for finding in review_portal(portal, now))


def name_month(period: Period) -> Month:
    """Name a month as a heading, such as “Ноябрь 2026”."""
    return Month(period.key, date_format(period.start, "F Y"))


def find_following(period: Period, *, now: datetime) -> Period | None:
    """Find the month after this one; None when it has not begun."""
    following = month_of(add_months(period.start, 1))
    return following if following.start <= timezone.localdate(now) else None


def read_boards(period: Period, *, now: datetime) -> list[Board]:
    """Read the boards of all portals, by name."""
    return [read_board(portal, period, now=now) for portal in Portal.objects.order_by("name", "pk")]


def read_board(portal: Portal, period: Period, *, now: datetime) -> Board:
    """Read one portal's board; managers are sorted by name."""
    readings = compare(portal, period, now=now, kpis=HEADLINE)
    people = Employee.objects.filter(portal=portal).in_bulk([each.employee for each in readings if each.employee])
    cells: dict[int | None, list[Cell]] = {}
    for reading in readings:
        person = people.get(reading.employee or 0)
        question = {"portal": portal.pk, "kpi": reading.kpi.key, "period": period.key}
        question |= {"employee": person.external_id} if person else {}
        cell = build_cell(reading, currency=portal.base_currency, question=urlencode(question))
        cells.setdefault(reading.employee, []).append(cell)
    team = Row(_("Whole team"), cells[None])
    by_name = sorted(people.items(), key=lambda item: str(item[1]).casefold())
    rows = [Row(str(person), cells[key]) for key, person in by_name]
    run = read_newest_runs(portal, limit=1).first()
    return Board(portal, rows, team, format_completeness(find_through(readings), portal.zone), run)


def build_cell(reading: Reading, *, currency: str, question: str) -> Cell:
    """Build one cell, with the earlier values and the norm as its hint."""
    kpi, earlier = reading.kpi, reading.previous
    text = format_measured(reading.result.value, unit=kpi.unit, currency=currency)
    note = describe_sample(kpi, reading.result.numerator, reading.result.denominator)
    change = write_share(earlier, kpi.unit) if earlier.change else ""
    improves = earlier.change is not None and (earlier.change > 0) == (kpi.direction == Direction.UP)
    return Cell(text, note, change, ("rise" if improves else "fall") if change else "", write_hint(reading), question)


def write_hint(reading: Reading) -> str:
    """Write what a number is to be compared with, period by period."""
    unit = reading.kpi.unit
    told = [
        f"{format_period(each.period)}: {format_value(each.value, unit)}"
        for each in (reading.previous, reading.year_before)
    ]
    norm = write_norm(reading.standing, unit)
    return "; ".join([*told, _("norm %s") % norm] if norm else told)


def describe_sample(kpi: Kpi, numerator: Number, denominator: Number | None) -> str:
    """Say how much stands behind a ratio. Empty: an empty text, for sums too."""
    if not denominator:
        return ""
    count = format_number(denominator)
    if kpi.unit == Unit.PERCENT:
        return _("%(part)s of %(whole)s") % {"part": format_number(numerator), "whole": count}
    return ngettext("from %(count)s deal", "from %(count)s deals", int(denominator)) % {"count": count}
