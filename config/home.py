"""What the home page shows: one board per portal, a month's KPIs by manager with the team last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.numbers import format_measured
from crmsync.findings import review_portal
from crmsync.models import Employee, Portal, SyncRun
from crmsync.selectors import read_newest_runs
from kpis.catalog import BY_KEY, HEADLINE, list_streams
from kpis.completeness import complete_through
from kpis.evaluate import evaluate
from kpis.formats import format_completeness, format_number
from kpis.kpi import Kpi
from kpis.periods import Period, add_months, month_of
from kpis.units import Unit


@dataclass(frozen=True)
class Cell:
    """One number as text, and how much stands behind it."""

    text: str
    note: str = ""


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


def read_boards(period: Period) -> list[Board]:
    """Read the boards of all portals, by name."""
    return [read_board(portal, period) for portal in Portal.objects.order_by("name", "pk")]


def read_board(portal: Portal, period: Period) -> Board:
    """Read one portal's board; managers are sorted by name."""
    frame = evaluate(portal, period, kpis=HEADLINE)
    people = Employee.objects.filter(portal=portal).in_bulk([key for key in frame["employee"].unique() if key])
    rows = [
        Row(str(person), build_cells(frame[frame["employee"] == key], currency=portal.base_currency))
        for key, person in sorted(people.items(), key=lambda item: str(item[1]).casefold())
    ]
    team = Row(_("Whole team"), build_cells(frame[frame["employee"].isna()], currency=portal.base_currency))
    through = complete_through(portal, {stream for key in HEADLINE for stream in list_streams(BY_KEY[key])})
    run = read_newest_runs(portal, limit=1).first()
    return Board(portal, rows, team, format_completeness(through, portal.zone), run)


def build_cells(frame: pd.DataFrame, *, currency: str) -> list[Cell]:
    """Build the cells of one manager, in the catalog's order."""
    found = {row.kpi: row for row in frame.itertuples()}
    return [build_cell(kpi, found[kpi.key], currency=currency) for kpi in map(BY_KEY.__getitem__, HEADLINE)]


def build_cell(kpi: Kpi, row: Any, *, currency: str) -> Cell:
    """Build one cell from a row of `evaluate`."""
    text = format_measured(row.value, unit=kpi.unit, currency=currency)
    return Cell(text, describe_sample(kpi, row.numerator, row.denominator))


def describe_sample(kpi: Kpi, numerator: int, denominator: int | None) -> str:
    """Say how much stands behind a ratio. Empty: an empty text, for sums too."""
    if not denominator:
        return ""
    count = format_number(denominator)
    if kpi.unit == Unit.PERCENT:
        return _("%(part)s of %(whole)s") % {"part": format_number(numerator), "whole": count}
    return ngettext("from %(count)s deal", "from %(count)s deals", denominator) % {"count": count}
