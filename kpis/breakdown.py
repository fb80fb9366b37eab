"""KPIs by source, campaign or pipeline: the measures' own declarations, read from the mirror instead of the facts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, Q
from django.utils.translation import gettext as _

from crmsync.models import Deal, Lead, Pipeline, Portal, Source
from kpis.kpi import Dimension, Kpi, Number, Result, compute
from kpis.measures import Measure
from kpis.models import LeadProgress, MarketingSpend, Sale
from kpis.options import read_choice
from kpis.periods import Period
from kpis.scans import PREFIX, group_measures, in_days
from kpis.sums import Totals, make_zeros

# By dimension: where the records of a measure say to which slice they belong.
FIELDS: dict[Dimension, dict[type[Model], str]] = {
    "source": {
        Lead: "source_external_id",
        Deal: "source_external_id",
        Sale: "deal__source_external_id",
        LeadProgress: "lead__source_external_id",
        MarketingSpend: "source_external_id",
    },
    "campaign": {
        Lead: "utm_campaign",
        Deal: "utm_campaign",
        Sale: "deal__utm_campaign",
        LeadProgress: "lead__utm_campaign",
        MarketingSpend: "campaign",
    },
    "pipeline": {Deal: "pipeline_external_id", Sale: "deal__pipeline_external_id"},
}
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """One KPI of one slice: the ids of its dimensions and their names, a value per dimension asked for."""

    kpi: Kpi
    key: Key
    names: tuple[str, ...]
    result: Result
    records: Number


def break_down(
    portal: Portal,
    period: Period,
    dimensions: Sequence[Dimension],
    *,
    kpis: Collection[str] | None = None,
    employees: Collection[int] | None = None,
) -> list[Slice]:
    """Compute the KPIs that can be broken down so, by slice.

    Shape: by KPI in the catalogue's order, then slices by name; slices in which anything was counted.
    Empty: None for a ratio without a denominator in its slice, and for what only a team has when employees are given.
    """
    choice = read_choice(portal, keys=None if kpis is None else tuple(kpis))
    chosen = [kpi for kpi in choice.kpis if set(dimensions) <= set(kpi.dimensions)]
    measures = list(dict.fromkeys(key for kpi in chosen for key in kpi.shown))
    sums = sum_slices(portal, measures, period, dimensions, employees=employees)
    known = [read_names(portal, dimension) for dimension in dimensions]
    names = {key: name_slice(key, known) for key in sums}
    return [
        Slice(
            kpi,
            key,
            names[key],
            compute(kpi, sums[key], in_business_hours=choice.in_business_hours),
            kpi.count_records(sums[key]),
        )
        for kpi in chosen
        if not (kpi.team_only and employees is not None)
        for key in sorted(sums, key=lambda key: [name.casefold() for name in names[key]])
    ]


def sum_slices(
    portal: Portal,
    measures: Iterable[str],
    period: Period,
    dimensions: Sequence[Dimension],
    *,
    employees: Collection[int] | None,
) -> dict[Key, Totals]:
    """Sum measures by slice. Shape: every measure in each slice in which one was counted, 0 where there was nothing."""
    wanted = list(measures)
    slices: dict[Key, Totals] = defaultdict(lambda: make_zeros(wanted))
    for _first, group in group_measures():
        if found := [measure for measure in group if measure.key in wanted]:
            for key, numbers in read_slices(portal, found, period, dimensions, employees=employees).items():
                for measure, number in zip(found, numbers, strict=True):
                    slices[key][measure.key] = number or slices[key][measure.key]
    return dict(slices)


def read_slices(
    portal: Portal,
    measures: Sequence[Measure],
    period: Period,
    dimensions: Sequence[Dimension],
    *,
    employees: Collection[int] | None,
) -> dict[Key, tuple[Any, ...]]:
    """Read measures that share their records, day and employee, by slice.

    Shape: by the ids of the dimensions a value per measure; what the portal does not have any more is left out.
    """
    first = measures[0]
    narrowed = in_days(first.dated_by, (period.start, period.end))
    if employees is not None:
        narrowed &= Q(**{f"{first.credited_to}__in": employees}) if first.credited_to else Q(pk__in=[])
    records: Any = first.source._default_manager
    values = {PREFIX + measure.key: measure.value for measure in measures}
    fields = {f"slice_{name}": F(FIELDS[name][first.source]) for name in dimensions}
    rows = records.live().filter(narrowed, portal=portal).order_by().values(**fields).annotate(**values)
    return {
        row[: len(fields)]: row[len(fields) :]
        for row in rows.values_list(*fields, *values)
        if any(number for number in row[len(fields) :])
    }


def read_names(portal: Portal, dimension: Dimension) -> dict[Any, str]:
    """Read the names of a dimension's ids; campaigns are their own names."""
    if dimension == "campaign":
        return {"": _("without a campaign")}
    model: Any = {"source": Source, "pipeline": Pipeline}[dimension]
    named = dict(model.objects.filter(portal=portal).values_list("external_id", "name"))
    return {"": _("without a source"), **named}


def name_slice(key: Key, names: Sequence[dict[Any, str]]) -> tuple[str, ...]:
    """Name a slice for people, a name per dimension; what a dictionary lacks by its id."""
    return tuple(known.get(value) or str(value) for known, value in zip(names, key, strict=True))
