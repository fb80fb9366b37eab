"""Which records a measure counts and what they add up to, by the measure's own declaration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import Case, Count, Model, Q, QuerySet, Sum, Value, When

from crmsync.models import Activity, Deal, Lead
from kpis.explanations.scope import Scope
from kpis.kpi import Number
from kpis.measures import Measure
from kpis.models import ClientRequest, LeadProgress, Sale
from kpis.scans import PREFIX
from kpis.units import Unit
from surveys.models import Answer, Invitation

RELATED: dict[type[Model], tuple[str, ...]] = {
    Deal: ("credited_to", "responsible"),
    Lead: ("responsible",),
    Activity: ("responsible",),
    Sale: ("employee",),
    LeadProgress: ("employee", "answer"),
    ClientRequest: ("employee", "answer"),
    Invitation: ("employee", "deal"),
    Answer: ("employee", "deal"),
}


class Dated(Protocol):
    """What measures and exclusions have in common: a source, its column of days and its column of employees."""

    @property
    def source(self) -> type[Model]: ...

    @property
    def dated_by(self) -> str: ...

    @property
    def credited_to(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records a measure counts, and what they add up to."""

    total: Number
    count: int


def select(measure: Measure, scope: Scope) -> "QuerySet[Any]":
    """Select the records that a measure counts; one without a value to sum is none of them."""
    return keep(select_dated(measure, scope), count_if(measure))


def select_dated(dated: Dated, scope: Scope) -> "QuerySet[Any]":
    """Select the records that the portal has, of the scope's days and employees."""
    mirrored: Any = dated.source._default_manager
    inside = scope.in_time(dated.source, dated.dated_by) & scope.of_group(dated.credited_to)
    return mirrored.live().filter(inside, portal=scope.portal)


def count_if(measure: Measure) -> Q:
    """Build the condition that a record adds to a measure."""
    return measure.where & Q(**{f"{measure.total or 'pk'}__isnull": False})


def keep(rows: "QuerySet[Any]", condition: Q) -> "QuerySet[Any]":
    """Keep the rows that satisfy a condition.

    As an annotation, because `filter` itself would drop rows without what a condition's default stands for, such as
    the options of a portal that has none.
    """
    return rows.annotate(is_kept=Case(When(condition, then=Value(1)), default=None)).filter(is_kept=1)


def tally(measures: Iterable[Measure], scope: Scope) -> dict[str, Tally]:
    """Count the records of measures and add them up, by one statement for those that share records. Shape: by key."""
    groups: dict[tuple[Any, ...], list[Measure]] = {}
    for measure in measures:
        groups.setdefault((measure.source, measure.dated_by, measure.credited_to), []).append(measure)
    told: dict[str, Any] = {}
    for group in groups.values():
        counts = {f"count_{each.key}": Count("pk", filter=count_if(each)) for each in group}
        totals = {f"{PREFIX}{each.key}": Sum(each.total, filter=count_if(each)) for each in group if each.total}
        told |= select_dated(group[0], scope).aggregate(**counts, **totals)
    return {each.key: read_tally(each, told) for group in groups.values() for each in group}


def read_tally(measure: Measure, told: Mapping[str, Any]) -> Tally:
    """Read what was counted of one measure. Empty: 0."""
    count = told[f"count_{measure.key}"]
    zero: Number = Decimal(0) if measure.unit == Unit.MONEY else 0
    return Tally((told[PREFIX + measure.key] or zero) if measure.total else count, count)


def order(rows: "QuerySet[Any]", dated_by: str) -> "QuerySet[Any]":
    """Order rows by day, with the employees to name."""
    return rows.select_related(*RELATED.get(rows.model, ())).order_by(dated_by, "pk")
