"""KPI frames as plain records with public ids, for JSON."""

from collections.abc import Collection
from datetime import UTC
from typing import Any

import pandas as pd
from django.utils import timezone

from crmsync.models import Employee, Portal
from kpis.catalog import BY_KEY, list_streams
from kpis.completeness import find_slowest, read_watermarks
from kpis.render.numbers import to_json


def list_records(portal: Portal, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """List the rows of `evaluate` as JSON knows them.

    Shape: period, kpi, employee (Bitrix id, None for the team), value, numerator, denominator and
    complete_through of that KPI (ISO, UTC), in the order of the frame.
    """
    ids = dict(Employee.objects.filter(portal=portal).values_list("pk", "external_id"))
    through = list_completeness(portal, frame["kpi"].unique())
    return [
        {
            "period": row.period,
            "kpi": row.kpi,
            "employee": None if row.employee is None else ids[row.employee],
            "value": to_json(row.value),
            "numerator": to_json(row.numerator),
            "denominator": to_json(row.denominator),
            "complete_through": through[row.kpi],
        }
        for row in frame.itertuples(index=False)
    ]


def list_completeness(portal: Portal, keys: Collection[str]) -> dict[str, str | None]:
    """Tell for each KPI through when its data is complete, as ISO text in UTC."""
    marks, now = read_watermarks(portal), timezone.now()
    ends = {key: find_slowest(marks, list_streams(BY_KEY[key]), now=now) for key in keys}
    return {key: at.astimezone(UTC).isoformat() if at else None for key, at in ends.items()}
