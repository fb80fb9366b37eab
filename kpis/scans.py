"""From measures to SQL: grouped reads of the mirror, compiled by the ORM into one INSERT … SELECT.

Stands between the list of measures and the filling of facts; records never travel through Python.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    DateField,
    F,
    Field,
    Func,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.sql.compiler import SQLCompiler

from crmsync.models import Portal, TouchedDay
from kpis.measures import BY_KEY, MEASURES, Measure
from kpis.models import DailyFact, Fact

# Measures may be named like fields of the records they add up, so their columns in a scan are prefixed.
PREFIX = "total_"
TOTALS = [PREFIX + key for key in BY_KEY]
# Half-open; without an end it is open to the future.
Days = tuple[date, date | None]


class MonthStart(Func):
    """The first day of a date's month; TruncMonth calls Python for every row on SQLite."""

    output_field = DateField()
    template = "CAST(date_trunc('month', %(expressions)s) AS date)"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, tuple[Any, ...]]:
        return self.as_sql(compiler, connection, template="strftime('%%%%Y-%%%%m-01', %(expressions)s)")


def in_cells(employee: str, day: str, touched: QuerySet[TouchedDay]) -> Func:
    """Build the condition that a row's employee and day are those of a touched row.

    A row-value IN lets both databases start from the few touched rows and find records by index;
    the EXISTS that the ORM would write makes SQLite read every record.
    """
    cell = Func(F(employee), F(day), template="(%(expressions)s)", output_field=Field())
    cells = Subquery(touched.values("employee_id", "day"))
    return Func(cell, cells, template="%(expressions)s", arg_joiner=" IN ", output_field=BooleanField())


def group_measures() -> Iterable[tuple[Measure, list[Measure]]]:
    """Group the measures that share records, day and employee, and so need one read; each with its first member."""
    groups: dict[tuple[type[Model], str, str | None], list[Measure]] = {}
    for measure in MEASURES:
        groups.setdefault((measure.source, measure.dated_by, measure.credited_to), []).append(measure)
    return [(group[0], group) for group in groups.values()]


def in_days(column: str, days: Days) -> Q:
    """Build the condition that a date lies in a range of days."""
    start, end = days
    return Q(**{f"{column}__gte": start}) & (Q(**{f"{column}__lt": end}) if end else Q())


def scan_records(portal: Portal, days: Days) -> list[QuerySet]:
    """Build the reads that give every cell of a range of days."""
    return [scan_group(portal, group, in_days(first.dated_by, days)) for first, group in group_measures()]


def scan_touched(portal: Portal, touched: QuerySet[TouchedDay], *, days_of_nobody: Sequence[date]) -> list[QuerySet]:
    """Build the reads that give the touched cells only, those without an employee from their days."""
    scans = []
    for first, group in group_measures():
        if first.credited_to:
            scans.append(scan_group(portal, group, Q(in_cells(first.credited_to, first.dated_by, touched))))
        if days_of_nobody:
            nobody = Q(**{f"{first.credited_to}__isnull": True}) if first.credited_to else Q()
            scans.append(scan_group(portal, group, nobody & Q(**{f"{first.dated_by}__in": days_of_nobody})))
    return scans


def scan_group(portal: Portal, measures: list[Measure], narrowed: Q) -> QuerySet:
    """Build one grouped read; here alone records that are gone from the portal are left out.

    Shape: employee, day, then every measure in the order of the list; 0 for those of other reads.
    """
    first = measures[0]
    sums = {PREFIX + measure.key: measure.value for measure in measures}
    zeros = {name: Value(0) for name in TOTALS if name not in sums}
    dated = Q(**{f"{first.dated_by}__isnull": False})
    mirrored: Any = first.source._default_manager
    return (
        mirrored.live()
        .filter(dated, narrowed, portal=portal)
        .values(fact_employee=credit(first), fact_day=F(first.dated_by))
        .annotate(**sums, **zeros)
        .values_list("fact_employee", "fact_day", *TOTALS)
    )


def credit(measure: Measure) -> F | Value:
    """Build the expression for whom a measure's records count."""
    return F(measure.credited_to) if measure.credited_to else Value(None, IntegerField())


def scan_months(portal: Portal, narrowed: Q) -> QuerySet:
    """Build the read that sums daily facts by month, in the shape of `scan_group`."""
    return (
        DailyFact.objects.filter(narrowed, portal=portal)
        .values(fact_employee=F("employee"), fact_day=MonthStart("day"))
        .annotate(**{PREFIX + key: Sum(key) for key in BY_KEY})
        .values_list("fact_employee", "fact_day", *TOTALS)
    )


def insert_totals(model: type[Fact], scans: Sequence[QuerySet], *, portal: Portal, dated: str) -> int:
    """Insert the scans' totals per employee and date in one statement and return the number of rows.

    Empty: a cell in which every measure is zero gets no row.
    """
    compiled = [scan.query.sql_with_params() for scan in scans]
    quote = connection.ops.quote_name
    names = ["portal_id", "employee_id", dated, *BY_KEY]
    sums = [f"COALESCE(SUM({name}), 0)" for name in TOTALS]
    # Nothing but names of our own models is put into the text; values travel as parameters.
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, names))}) "  # noqa: S608
        f"SELECT %s, fact_employee, fact_day, {', '.join(sums)} "
        f"FROM ({' UNION ALL '.join(sql for sql, _ in compiled)}) AS cells "
        f"GROUP BY fact_employee, fact_day HAVING {' OR '.join(f'{total} <> 0' for total in sums)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [portal.pk, *(param for _, params in compiled for param in params)])
        return cursor.rowcount
