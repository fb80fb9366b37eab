"""KPIs with what makes them readable: earlier periods, the norm, the sample, how sure and how complete they are.

The rules are those of docs/algorithms/comparisons.md.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from crmsync.models import Portal
from kpis.catalog import list_streams
from kpis.completeness import find_slowest, read_watermarks
from kpis.earlier_periods import keep_pace, previous, year_before
from kpis.intervals import wilson
from kpis.kpi import Beside, Kpi, Number, Result, compute
from kpis.norms import Standing, judge
from kpis.options import Choice, read_choice
from kpis.periods import Period, add_months, month_of
from kpis.results import By, Results, compute_one, compute_parts, read_parts, select
from kpis.spread import Spread, read_spread
from kpis.sums import Sums

MONTHS = 13
History = tuple[tuple[str, Number | None], ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier period's value and how far this one is from it. Empty: None where one of both is undefined.

    Units: `change` in the KPI's; `relative` in percent of the earlier value, None when that is zero.
    """

    period: Period
    value: Number | None
    change: Number | None
    relative: Decimal | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One KPI of an employee or, under None, a team with everything that is shown with it.

    Shape: `beside` in the order of the declaration; `history` is the months up to and with this one, oldest first.
    Units: `interval` in percent.
    """

    kpi: Kpi
    employee: int | None
    result: Result
    records: Number
    previous: Earlier
    year_before: Earlier
    standing: Standing
    through: datetime | None
    interval: tuple[Decimal, Decimal] | None = None
    beside: tuple[tuple[Beside, Number | None], ...] = ()
    spread: Spread | None = None
    history: History = field(default=())


def compare(
    portal: Portal,
    period: Period,
    *,
    now: datetime,
    kpis: Collection[str] | None = None,
    employees: Collection[int] | None = None,
    by: By = "both",
    with_history: bool = False,
) -> list[Reading]:
    """Read KPIs of a period with their comparisons.

    Shape: by KPI in the catalogue's order, then employees by primary key, the team last, as in `evaluate`.
    Time: a running period is compared with as many days of the earlier ones as have begun.
    """
    today = timezone.localdate(now, portal.zone)
    choice = read_choice(portal, keys=None if kpis is None else tuple(kpis), is_partial=employees is not None)
    months = list_months(period) if with_history else []
    earlier = [keep_pace(find(period), period=period, today=today) for find in (previous, year_before)]
    spans = read_spans(portal, [period, *earlier], months, choice, employees, today)
    shown = [select(spans[each], by) for each in (period, *earlier)]
    results = dict(zip([period, *earlier], compute_parts(choice, shown), strict=True))
    spread = {kpi.key: read_spread(portal, kpi, period, employees=employees) for kpi in choice.kpis if kpi.spread}
    ground = Ground(period, earlier, months, choice, spans, results, spread, read_watermarks(portal), now)
    return [describe(ground, kpi, who) for kpi in choice.kpis for who in shown[0]]


@dataclass(frozen=True, slots=True)
class Ground:
    """All that the readings of one comparison are made from."""

    period: Period
    earlier: list[Period]
    months: list[Period]
    choice: Choice
    spans: Mapping[Period, Sums]
    results: Mapping[Period, Mapping[str, Results]]
    spread: Mapping[str, Mapping[int | None, Spread]]
    marks: Mapping[str, datetime]
    now: datetime


def describe(ground: Ground, kpi: Kpi, who: int | None) -> Reading:
    """Describe one KPI of an employee, None for the team."""
    sums, result = ground.spans[ground.period][who], ground.results[ground.period][kpi.key][who]
    before, last_year = (
        step_from(each, ground.results[each][kpi.key][who].value, result.value) for each in ground.earlier
    )
    history = tuple(
        (each.key, compute_one(kpi, who, ground.spans[each][who], ground.choice).value) for each in ground.months
    )
    return Reading(
        kpi=kpi,
        employee=who,
        result=result,
        records=kpi.count_records(sums),
        previous=before,
        year_before=last_year,
        standing=judge(kpi, result.value, history=[value for _, value in history[:-1]]),
        through=find_slowest(ground.marks, list_streams(kpi), now=ground.now),
        interval=find_interval(kpi, result),
        beside=tuple((figure, compute(figure, sums).value) for figure in kpi.beside),
        spread=ground.spread.get(kpi.key, {}).get(who),
        history=history,
    )


def find_through(readings: Iterable[Reading]) -> datetime | None:
    """Find through when all of these readings are complete. Empty: None while one of them is not."""
    marks = [reading.through for reading in readings]
    return min((at for at in marks if at), default=None) if all(marks) else None


def read_spans(
    portal: Portal,
    periods: list[Period],
    months: list[Period],
    choice: Choice,
    employees: Collection[int] | None,
    today: date,
) -> Mapping[Period, Sums]:
    """Read the sums of some periods and of adjoining months; a period that is one of the months is read with them."""
    spans: dict[Period, Sums] = {}
    if months:
        spans |= zip(months, read_parts(portal, months, choice, employees=employees, today=today), strict=True)
    for each in periods:
        if each not in spans:
            people = [who for who in spans.get(periods[0], ()) if who is not None]
            (spans[each],) = read_parts(portal, [each], choice, employees=employees, people=people, today=today)
    return spans


def list_months(period: Period) -> list[Period]:
    """List the months up to and with the one in which the period ends."""
    end = period.end if period.end.day == 1 else add_months(period.end, 1)
    return [month_of(add_months(end, -count)) for count in range(MONTHS, 0, -1)]


def step_from(period: Period, earlier: Number | None, value: Number | None) -> Earlier:
    """Tell how far a value is from an earlier one."""
    if earlier is None or value is None:
        return Earlier(period, earlier, None, None)
    change = value - earlier
    return Earlier(period, earlier, change, Decimal(change) * 100 / abs(Decimal(earlier)) if earlier else None)


def find_interval(kpi: Kpi, result: Result) -> tuple[Decimal, Decimal] | None:
    """Find the range in which a share can be trusted to lie. Empty: None for what is no share of counted records."""
    if not kpi.is_share or not result.denominator:
        return None
    bounds = wilson(int(result.numerator), int(result.denominator))
    return (bounds[0] * 100, bounds[1] * 100) if bounds else None
