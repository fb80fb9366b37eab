"""Selector: everything that the grid of a plan shows, in a bounded number of queries however many people it has."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from kpis.catalog import BY_KEY, CATALOG
from kpis.earlier_periods import previous, year_before
from kpis.kpi import Kpi, Result
from kpis.options import Choice, read_choice
from kpis.periods import Period
from kpis.results import compute_parts, read_parts
from targets.models import Target, TargetPlan

# What a plan begins with when neither it nor one before it says which KPIs it has.
USUAL = ("deals_won", "revenue", "lead_conversion", "response_time", "csat")


class Stored(NamedTuple):
    """A target as it is stored."""

    value: Decimal | None
    weight: Decimal
    threshold: Decimal | None
    stretch: Decimal | None
    min_sample: int
    published_value: Decimal | None
    version: int


class Row(NamedTuple):
    """An employee of the plan."""

    member: int
    employee: int
    name: str
    acknowledged_at: datetime | None


# By member and KPI.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier period with what everybody reached in it, None for the plan's team; it may not be over."""

    period: Period
    is_over: bool
    results: Mapping[str, Mapping[int | None, Result]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A plan as a table. Shape: rows by name, KPIs in the catalogue's order; the last period, then a year before."""

    plan: TargetPlan
    choice: Choice
    rows: Sequence[Row]
    targets: Mapping[Place, Stored]
    earlier: tuple[Earlier, ...]

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """The KPIs that are shown."""
        return self.choice.kpis

    @property
    def weights(self) -> Mapping[int, Decimal]:
        """The sums of weights by member, those of KPIs that are not shown included."""
        sums: dict[int, Decimal] = {}
        for (member, _kpi), target in self.targets.items():
            sums[member] = sums.get(member, Decimal(0)) + target.weight
        return sums


def read_grid(plan: TargetPlan, *, today: date, kpis: Collection[str] = ()) -> Grid:
    """Read a plan's grid; `kpis` are shown beside those that have targets. Time: days of the portal's zone."""
    rows, targets = read_rows(plan), read_targets(plan)
    choice = read_choice(plan.portal, keys=choose_kpis(plan, targets, asked=kpis))
    people = [row.employee for row in rows]
    before = [read_earlier(plan, find(plan.period), choice, people, today) for find in (previous, year_before)]
    return Grid(plan, choice, rows, targets, tuple(before))


def read_cell_grid(plan: TargetPlan, cell: str, *, today: date) -> Grid:
    """Read the grid of one cell, named as member, point, KPI; what a plan does not have is not in it."""
    member, _dot, kpi = cell.partition(".")
    rows = [row for row in read_rows(plan) if str(row.member) == member]
    choice = read_choice(plan.portal, keys=(kpi,) if kpi in list_plannable() else ())
    targets = {place: target for place, target in read_targets(plan).items() if str(place[0]) == member}
    before = Earlier(previous(plan.period), False, {})
    return Grid(plan, choice, rows, targets, (before,))


def read_rows(plan: TargetPlan) -> list[Row]:
    """Read the people of a plan by name."""
    names = ("employee__last_name", "employee__first_name", "employee__external_id")
    found = plan.members.order_by("employee__last_name", "employee__first_name", "pk")
    return [
        Row(member, employee, " ".join(filter(None, (last, first))) or f"ID {number}", at)
        for member, employee, at, last, first, number in found.values_list(
            "pk", "employee_id", "acknowledged_at", *names
        )
    ]


def read_targets(plan: TargetPlan) -> dict[Place, Stored]:
    """Read the targets of a plan; as plain rows, since of a grid there are thousands."""
    found = Target.objects.filter(member__plan=plan).order_by()
    return {(row[0], row[1]): Stored(*row[2:]) for row in found.values_list("member_id", "kpi", *Stored._fields)}


def choose_kpis(plan: TargetPlan, targets: Collection[Place], *, asked: Collection[str]) -> tuple[str, ...]:
    """Choose the KPIs to show: those with targets and those asked for; of an empty plan those of the newest before."""
    known = {kpi for _member, kpi in targets} | set(asked)
    known &= set(list_plannable())
    return tuple(known or find_usual(plan))


def find_usual(plan: TargetPlan) -> tuple[str, ...]:
    """Find the KPIs of the newest plan of this name before; where there is none, the usual ones."""
    older = TargetPlan.objects.filter(portal=plan.portal_id, name=plan.name, start_on__lt=plan.start_on)
    newest = older.filter(members__targets__isnull=False).order_by("-start_on").first()
    if newest is None:
        return USUAL
    keys = Target.objects.filter(member__plan=newest).values_list("kpi", flat=True).distinct()
    return tuple(key for key in keys if key in BY_KEY)


def list_plannable() -> dict[str, Kpi]:
    """List the KPIs that an employee can have a target for, in the catalogue's order."""
    return {kpi.key: kpi for kpi in CATALOG if not kpi.team_only}


def read_earlier(plan: TargetPlan, period: Period, choice: Choice, people: Collection[int], today: date) -> Earlier:
    """Read what the people of a plan reached in an earlier period, which may still be running."""
    [sums] = read_parts(plan.portal, [period], choice, employees=people, today=today)
    [results] = compute_parts(choice, [sums])
    return Earlier(period, period.end <= today, results)
