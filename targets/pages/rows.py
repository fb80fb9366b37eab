"""The lines of a scorecard as rows of a table; and KPIs without a plan, which have no target to show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode

from crmsync.models import Employee
from kpis.catalog import BY_KEY
from kpis.compare import Reading
from kpis.kpi import Number
from targets.models import Scorecard, ScorecardLine
from targets.pages.amounts import find_unit, name_kpi, write_percent, write_plain, write_points, write_value
from targets.pages.changes import Change, describe_change
from targets.pages.history import Trend, describe_trend
from targets.pages.notes import list_notes, list_reading_notes, write_lack, write_missing
from targets.pages.pace import Pace
from targets.pages.target_notes import describe_target, list_target_notes
from targets.pages.verdicts import Verdict, judge
from targets.scoring.lines import Case, Line
from targets.scoring.scheme import NoData


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One KPI. `percent` and `pace` are what the bar is drawn from; `why` is the query of its explanation."""

    kpi_key: str
    name: str
    hint: str
    notes: tuple[str, ...]
    trend: Trend
    actual: str
    change: Change | None
    why: str
    target: str = ""
    target_notes: tuple[str, ...] = ()
    percent: Decimal | None = None
    pace: Fraction | None = None
    verdict: Verdict = Verdict()
    attainment: str = ""
    weight: str = ""
    points: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What all rows of a page share."""

    employee: Employee
    period_key: str
    pace: Pace
    readings: Mapping[str, Reading]

    @property
    def currency(self) -> str:
        """The currency of KPIs."""
        return str(self.employee.portal.base_currency)


def build_rows(card: Scorecard, lines: Iterable[ScorecardLine], case: Case, ground: Ground) -> list[Row]:
    """Build the rows of a scorecard: what is told of results and targets is what was scored."""
    asked = {line.kpi: line for line in case.lines}
    return [build_row(card, line, asked[line.kpi], case.scheme.no_data, ground) for line in lines]


def build_row(card: Scorecard, line: ScorecardLine, asked: Line, no_data: NoData, ground: Ground) -> Row:
    """Build the row of a line."""
    reading = ground.readings.get(line.kpi)
    unit, currency = find_unit(line.kpi), ground.currency
    pace = ground.pace.percent if asked.is_cumulative and line.target is not None else None
    verdict, attainment = judge(line.attainment, pace=pace), write_percent(line.attainment)
    told = [attainment, verdict.word, write_percent(pace) if pace is not None else ""]
    return Row(
        kpi_key=line.kpi,
        name=name_kpi(line.kpi),
        hint=describe_kpi(line.kpi),
        notes=(
            *list_notes(line, asked, reading),
            *write_lack(asked, no_data),
            *(write_missing(line, asked, currency=currency) if ground.pace.is_running else ()),
        ),
        trend=describe_months(reading, line.actual, ground),
        actual=write_value(line.actual, unit, currency=currency),
        change=describe_change(reading, line.actual, currency=currency) if reading else None,
        why=name_question(line.kpi, ground),
        target=describe_target(line, currency=currency),
        target_notes=list_target_notes(line, card.proration, currency=currency),
        percent=line.attainment,
        pace=pace,
        verdict=verdict,
        attainment=attainment,
        weight=write_plain(line.weight),
        points=write_points(line.contribution),
        label=", ".join(filter(None, told)),
    )


def build_plain_rows(ground: Ground) -> list[Row]:
    """Build the rows of KPIs without a plan."""
    return [build_plain_row(reading, ground) for reading in ground.readings.values()]


def build_plain_row(reading: Reading, ground: Ground) -> Row:
    """Build the row of a KPI without a plan."""
    value, currency = reading.result.value, ground.currency
    return Row(
        kpi_key=reading.kpi.key,
        name=str(reading.kpi.name),
        hint=describe_kpi(reading.kpi.key),
        notes=list_reading_notes(reading),
        trend=describe_months(reading, value, ground),
        actual=write_value(value, reading.kpi.unit, currency=currency),
        change=describe_change(reading, value, currency=currency),
        why=name_question(reading.kpi.key, ground),
    )


def describe_months(reading: Reading | None, value: Number | None, ground: Ground) -> Trend:
    """Describe a KPI's months. Empty: nothing for a KPI that is unknown by now."""
    if reading is None:
        return Trend()
    return describe_trend(reading, value=value, period_key=ground.period_key, currency=ground.currency)


def describe_kpi(key: str) -> str:
    """Describe a KPI by its definition."""
    return str(BY_KEY[key].description) if key in BY_KEY else ""


def name_question(key: str, ground: Ground) -> str:
    """Name what the page that explains a number is asked for. Empty: nothing for a KPI that is unknown by now."""
    if key not in BY_KEY:
        return ""
    employee = ground.employee
    asked = {"portal": employee.portal_id, "kpi": key, "period": ground.period_key, "employee": employee.external_id}
    return urlencode(asked)
