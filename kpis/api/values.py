"""`kpi-values/`: the KPIs of a period, as `kpis --json` prints them, or as `compare --json` does."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crmsync.models import Employee, Portal
from kpis.api.errors import refuse
from kpis.api.questions import ValuesQuery
from kpis.api.reading import ReadView
from kpis.api.serializers import REFUSALS, KpiValueSerializer
from kpis.api.sights import choose_portal, find_whose
from kpis.catalog import BY_KEY
from kpis.compare import MONTHS, compare
from kpis.evaluate import evaluate
from kpis.groups import Group
from kpis.periods import split
from kpis.render.reading_records import list_readings
from kpis.render.records import list_records
from kpis.snapshots import one_moment

# So many values are computed in some seconds and megabytes; a page is cut from all of them.
MOST_VALUES = 250_000
# A comparison reads so many periods for each value.
PERIODS = MONTHS + 3
Rows = tuple[list[dict[str, Any]], int]


class KpiValueView(ReadView):
    serializer_class = KpiValueSerializer

    @extend_schema(
        summary="Compute KPIs of a period",
        parameters=[ValuesQuery],
        responses={200: KpiValueSerializer(many=True), **REFUSALS},
    )
    def list(self, request: Request) -> Response:
        """Rows by part of the period, KPI, employee, the team last. `complete_through` says how far the data is."""
        asked, sight = self.read(ValuesQuery), self.sight
        with one_moment():
            portal = choose_portal(sight, asked["portal"])
            group = find_whose(sight, portal, employee=asked["employee"], department=asked["department"])
            refuse_too_many(portal, group, asked)
            find = find_readings if asked["compare"] else find_values
            rows, count = find(portal, group, asked)
        return self.answer_page(rows, count=count, asked=asked)


def find_values(portal: Portal, group: Group, asked: dict[str, Any]) -> Rows:
    """Find a page of plain values, and how many there are."""
    frame = evaluate(
        portal,
        asked["period"],
        every=asked["every"],
        by=choose_rows(group, asked),
        kpis=asked["kpi"],
        employees=group.employees,
    )
    return list_records(portal, frame.iloc[asked["offset"] : asked["offset"] + asked["limit"]]), len(frame)


def find_readings(portal: Portal, group: Group, asked: dict[str, Any]) -> Rows:
    """Find a page of values with their comparisons, and how many there are."""
    readings = compare(
        portal,
        asked["period"],
        now=timezone.now(),
        kpis=asked["kpi"],
        employees=group.employees,
        by=choose_rows(group, asked),
        with_history=True,
    )
    page = readings[asked["offset"] : asked["offset"] + asked["limit"]]
    return list_readings(portal, asked["period"].key, page), len(readings)


def choose_rows(group: Group, asked: dict[str, Any]) -> Any:
    """Choose whose rows are told: one person has no team beside himself."""
    return "employee" if group.employee and asked["by"] == "both" else asked["by"]


def refuse_too_many(portal: Portal, group: Group, asked: dict[str, Any]) -> None:
    """Refuse what would take too long. Raises: ValidationError."""
    people = Employee.objects.filter(portal=portal).count() if group.employees is None else len(group.employees)
    parts = PERIODS if asked["compare"] else len(split(asked["period"], every=asked["every"])) if asked["every"] else 1
    count = parts * len(asked["kpi"] or BY_KEY) * (people + 1)
    if count > MOST_VALUES:
        text = _("These would be up to %(count)s values: ask for fewer KPIs or people, or for larger parts.")
        raise refuse("too_many", text % {"count": count}, parameter="period")
