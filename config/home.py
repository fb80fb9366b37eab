"""What the home page shows: one board per portal, a month's KPIs by manager with the team last."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.cells import Cell, build_cell, name_question
from crmsync.access import Sight
from crmsync.findings import review_portal
from crmsync.models import Employee, Portal, SyncRun
from crmsync.selectors import read_newest_runs
from kpis.catalog import HEADLINE
from kpis.compare import compare, find_through
from kpis.periods import Period, add_months, month_of
from kpis.render.formats import format_completeness


@dataclass(frozen=True)
class Row:
    """One manager's cells, or the team's, in the catalog's order."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Board:
    """A portal's month: the table, how complete its data is, and the last run of the synchronisation.

    Empty: no team where only oneself is seen.
    """

    portal: Portal
    rows: list[Row]
    team: Row | None
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


def read_boards(period: Period, *, sight: Sight, now: datetime) -> list[Board]:
    """Read the boards of the portals of which somebody is seen, by name."""
    portals = Portal.objects.order_by("name", "pk")
    if not sight.everything:
        seen = Employee.objects.filter(pk__in=sight.employees)
        portals = portals.filter(pk__in=seen.values("portal"))
    return [read_board(portal, period, sight=sight, now=now) for portal in portals]


def read_board(portal: Portal, period: Period, *, sight: Sight, now: datetime) -> Board:
    """Read one portal's board; managers are sorted by name, the team is those who are seen."""
    whose = None if sight.everything else list_seen(portal, sight)
    readings = compare(portal, period, now=now, kpis=HEADLINE, employees=whose)
    people = Employee.objects.filter(portal=portal).in_bulk([each.employee for each in readings if each.employee])
    cells: dict[int | None, list[Cell]] = {}
    for reading in readings:
        question = name_question(reading, portal, people.get(reading.employee or 0), period)
        cell = build_cell(reading, currency=portal.base_currency, question=question)
        cells.setdefault(reading.employee, []).append(cell)
    busy = {reading.employee for reading in readings if reading.records}
    listed = [each for each in people.values() if sight.everything or each.is_active or each.pk in busy]
    rows = [Row(str(each), cells[each.pk]) for each in sorted(listed, key=lambda each: str(each).casefold())]
    run = read_newest_runs(portal, limit=1).first()
    completeness = format_completeness(find_through(readings), portal.zone)
    return Board(portal, rows, name_team(cells[None], sight), completeness, run)


def list_seen(portal: Portal, sight: Sight) -> list[int]:
    """List the employees of a portal who are seen, by primary key."""
    seen = Employee.objects.filter(portal=portal, pk__in=sight.employees)
    return list(seen.order_by("pk").values_list("pk", flat=True))


def name_team(cells: list[Cell], sight: Sight) -> Row | None:
    """Name the last row by who is in it. Empty: None for who sees nobody but one."""
    if sight.everything:
        return Row(_("Whole team"), cells)
    return Row(_("Your team"), cells) if len(sight.employees) > 1 else None
