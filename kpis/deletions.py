"""What the disappearance of records changed in the figures, told by the measures' own declarations."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet

from crmsync.bitrix24.streams import STREAMS
from crmsync.models import Employee, Portal, Tombstone
from kpis.catalog import CATALOG
from kpis.kpi import Kpi, Number
from kpis.measures import Measure
from kpis.periods import Period
from kpis.scans import PREFIX, group_measures, in_days

# Measures count no table that several streams fill, such as the history of stages.
STREAM_OF: dict[type[Model], str] = {stream.model: stream.key for stream in STREAMS}


@dataclass(frozen=True, slots=True)
class Figure:
    """What one record added to one measure; the unit is the measure's."""

    measure: Measure
    day: date
    employee: Employee | None
    value: Number


@dataclass(frozen=True, slots=True)
class Deletion:
    """A record that the portal did not have any more, and the figures that left with it."""

    stone: Tombstone
    left: list[Figure] = field(default_factory=list)


def list_deletions(
    portal: Portal, *, period: Period | None = None, employee: Employee | None = None, stream: str | None = None
) -> list[Deletion]:
    """List the records that vanished from the portal, for good or for a time, with the figures that left with them.

    Shape: in the order in which they were first missed. With a period or an employee, only figures of those days or
    of that employee, and only records that have one.
    Time: the portal's days, on which the figures counted.
    Empty: no figures while a record waits for its second check, after it came back, and where it counted in nothing.
    """
    stones = Tombstone.objects.filter(portal=portal, **({"stream": stream} if stream else {}))
    found = describe_stones(stones.order_by("missed_at", "pk"), portal=portal, period=period, employee=employee)
    return [deletion for deletion in found if deletion.left or not (period or employee)]


def describe_stones(
    stones: QuerySet[Tombstone], *, portal: Portal, period: Period | None = None, employee: Employee | None = None
) -> list[Deletion]:
    """Find the figures that left with these records of one portal, by as many queries for one as for thousands."""
    left: dict[tuple[str, int], list[Figure]] = defaultdict(list)
    people = Employee.objects.filter(portal=portal).in_bulk()
    for first, group in group_measures():
        # Derived rows go with the records that they were derived from, and the portal deletes no costs or answers.
        if first.source not in STREAM_OF or first.credited_to is None:
            continue
        narrowed = in_days(first.dated_by, (period.start, period.end)) if period else Q()
        narrowed &= Q(**{first.credited_to: employee}) if employee else Q()
        for row_id, day, who, *shares in read_shares(stones, group, narrowed, portal=portal):
            figures = [
                Figure(measure, day, people.get(who), share)
                for measure, share in zip(group, shares, strict=True)
                if share
            ]
            left[STREAM_OF[first.source], row_id] += figures
    return [Deletion(stone, left[stone.stream, stone.row_id] if is_gone(stone) else []) for stone in stones]


def read_shares(
    stones: QuerySet[Tombstone], group: list[Measure], narrowed: Q, *, portal: Portal
) -> QuerySet[Any, tuple[Any, ...]]:
    """Read what each vanished record added to measures that share their records, day and employee.

    Shape: the row's key, day, the employee's key, then a share per measure, None where the record did not count.
    """
    first = group[0]
    gone = stones.filter(stream=STREAM_OF[first.source], deleted_at__isnull=False, restored_at=None)
    mirrored: Any = first.source._default_manager
    shares = {PREFIX + measure.key: measure.share for measure in group}
    return (
        mirrored.filter(narrowed, portal=portal, pk__in=gone.order_by().values("row_id"))
        .filter(deleted_at__isnull=False, **{f"{first.dated_by}__isnull": False})
        .annotate(**shares)
        .values_list("pk", first.dated_by, first.credited_to, *shares)
    )


def is_gone(stone: Tombstone) -> bool:
    """Say whether the record is taken for deleted and has not come back."""
    return stone.deleted_at is not None and stone.restored_at is None


def sum_by_kpi(deletions: Iterable[Deletion]) -> list[tuple[Kpi, dict[str, Number]]]:
    """Add up what left by measure, for each KPI that reads it. Shape: in the catalog's order, affected KPIs only."""
    sums: dict[str, Number] = {}
    for figure in (figure for deletion in deletions for figure in deletion.left):
        sums[figure.measure.key] = sums.get(figure.measure.key, 0) + figure.value
    affected = [kpi for kpi in CATALOG if not sums.keys().isdisjoint(kpi.measures)]
    return [(kpi, {key: sums.get(key, 0) for key in kpi.measures}) for kpi in affected]
